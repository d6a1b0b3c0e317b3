"""Whether a name may be a slip of the pen for another: pg_trgm's word_similarity, for databases that have none."""

from .query import Part

ENOUGH = 0.5  # of the trigrams; PostgreSQL is told the same where it is connected to (settings.DATABASES)
SHORTEST = 4  # letters; what is shorter is alike to anything


def may_be_a_slip(part: Part) -> bool:
    return len(part.words) == 1 and len(part.words[0]) >= SHORTEST and not any(map(str.isdigit, part.words[0]))


def is_alike(part, names: str) -> bool:
    """Whether one of the words `names` is like the word of `part`."""
    return may_be_a_slip(part) and any(likeness(part.words[0], name) >= ENOUGH for name in names.split())


def likeness(typed: str, name: str) -> float:
    """What the trigrams of `typed` share with the stretch of `name` that is most like it."""
    wanted, known = set(_trigrams(typed)), _trigrams(name)
    return max(
        (
            len(wanted & stretch) / len(wanted | stretch)
            for start in range(len(known))
            for end in range(start + 1, len(known) + 1)
            for stretch in [set(known[start:end])]
        ),
        default=0.0,
    )


def _trigrams(word):
    padded = f"  {word} "
    return [padded[n : n + 3] for n in range(len(padded) - 2)]
