"""Whether the letter is easily read: its length, and that of its sentences. The limits are each language's own."""

import re

from letters.review.finding import shortened, warning
from letters.review.reading import BLANK

WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
# Chinese is counted by characters; a word or number of another script counts as one.
CHARACTER = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
COUNTED = {"words": WORD, "characters": CHARACTER}
FEW = 5  # sentences whose average says something


def too_long(said):
    limit, counted = said.wording.limits["letter"], said.wording.limits["counted"]
    count = sum(_count(said.our_part(passage), said) for passage in said.passages if passage.in_body)
    if count > limit:
        # in hundreds, so that an override of this warning does not cover a letter that goes on growing
        said_so = f"{count // 100 * 100} {counted} or more"
        yield warning(
            "too-long",
            "body",
            said_so,
            f"The letter has {count} {counted}, more than {limit}.",
            "Say the same in fewer words, or enclose the details.",
        )


def long_sentences(said):
    limit, counted = said.wording.limits["sentence"], said.wording.limits["counted"]
    for passage in _running_text(said):
        for sentence in said.sentences(passage):
            if _count(sentence, said) > limit:
                begin = shortened(sentence.replace(BLANK, ""))
                yield warning(
                    "long-sentence",
                    passage.place,
                    begin,
                    f"The sentence “{begin}” has {_count(sentence, said)} {counted}, more than {limit}.",
                    "Make two sentences of it.",
                )


def hard_to_read(said):
    limit, counted = said.wording.limits["average"], said.wording.limits["counted"]
    sentences = [_count(one, said) for passage in _running_text(said) for one in said.sentences(passage)]
    sentences = [count for count in sentences if count]
    average = sum(sentences) / len(sentences) if sentences else 0
    if len(sentences) >= FEW and average > limit:
        yield warning(
            "hard-to-read",
            "body",
            f"{round(average)} {counted}",
            f"The sentences have {average:.0f} {counted} on average, more than {limit}.",
            "Write shorter ones.",
        )


def _running_text(said):
    return [passage for passage in said.passages if passage.kind in ("paragraph", "entry")]


def _count(text, said) -> int:
    return len(COUNTED[said.wording.limits["counted"]].findall(text))
