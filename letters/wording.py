"""The words of a template: text with Liquid placeholders and conditions. What is wrong with them, line by line, and the
words with values in their places.

Liquid is cut down to what a letter needs: conditions, loops over the lists of a case, and the forms of a day. It reads
nothing but the plain values that it is given. Every mark is judged by itself, so that all faults are found at once,
also in a branch that no case reaches.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from liquid import BoundTemplate, Environment, RenderContext, StrictUndefined
from liquid.exceptions import LiquidError

from letters import facts, marks, optional
from letters.expressions import Expressions
from letters.marks import Fault, Mark, fault_at
from letters.optional import Part
from letters.values import Day

BLOCKS = {
    "if": "endif",
    "unless": "endunless",
    "case": "endcase",
    "for": "endfor",
    "comment": "endcomment",
    "optional": "endoptional",
}
INSIDE = {"else": ("if", "unless", "case", "for"), "elsif": ("if", "unless"), "when": ("case",)}
WITHOUT_WORDS = ("else", "comment", *BLOCKS.values())
FORMS_OF_A_DAY = ("on", "until", "of")
FILTERS = (*FORMS_OF_A_DAY, "default")
DEPTH_LIMIT = 6  # of conditions within conditions: more than a person can follow
LETTER_LIMIT = 200_000  # bytes of a filled letter
TURNS_LIMIT = 2_000  # of a loop


class BadWords(Exception):
    """These words cannot become a letter; `faults` says where and why."""

    def __init__(self, faults):
        self.faults = list(faults)
        super().__init__(" ".join(map(str, self.faults)))


class _Reading(RenderContext):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.optional = []  # the stretches of what was written that a person may take or leave

    def get_item(self, obj, key):
        """A list that there is none of has no entries."""
        return 0 if obj is None and key == "size" else super().get_item(obj, key)


class _Template(BoundTemplate):
    context_class = _Reading

    def parts(self, values) -> list[Part]:
        context, buffer = self.context_class(self, globals=self.make_globals(values)), self._get_buffer()
        self.render_with_context(context, buffer)
        return optional.cut(buffer.getvalue(), context.optional)


class Restricted(Environment):
    """Liquid with the tags and filters of a letter, and with an end to everything."""

    template_class = _Template
    block_nesting_limit = DEPTH_LIMIT + 2
    loop_iteration_limit = TURNS_LIMIT
    output_stream_limit = LETTER_LIMIT

    def setup_tags_and_filters(self, *, extra=False):
        super().setup_tags_and_filters(extra=extra)
        allowed = (*BLOCKS, "#", "content", "output", "illegal")
        self.add_tag(optional.OptionalTag)
        self.tags = {name: tag for name, tag in self.tags.items() if name in allowed}
        self.filters = {name: made for name, made in self.filters.items() if name in FILTERS}
        for form in FORMS_OF_A_DAY:  # the day as it stands in a sentence; a hole stays a hole
            self.add_filter(form, lambda day, form=form: day.in_sentence(form) if isinstance(day, Day) else day)


LIQUID = Restricted(undefined=StrictUndefined)


def filled(text, values, *, kind) -> str:
    """`text` with `values` in place of its placeholders, and of what is optional that which the case asks for. Raises
    BadWords."""
    return optional.joined(parts(text, values, kind=kind))


def parts(text, values, *, kind) -> list[Part]:
    """The same, with what is optional apart. Raises BadWords."""
    try:
        return _template(text, kind).parts(values)
    except LiquidError as error:
        raise BadWords([_said_by_liquid(text, error)]) from None


@lru_cache(maxsize=256)  # kept by its whole text: changed words are never filled as they were
def _template(text, kind):
    if found := faults(text, kind=kind):
        raise BadWords(found)
    return LIQUID.from_string(text)


def faults(text, *, kind) -> list[Fault]:
    """All that is wrong with the words of a letter of this kind, line by line; nothing when they can be filled."""
    found = sorted(_Reader(text, facts.known(kind)).faults())
    if found:
        return found
    try:
        LIQUID.from_string(text)
    except LiquidError as error:  # what our own reading let through
        return [_said_by_liquid(text, error)]
    return []


def _said_by_liquid(text, error):
    return fault_at(text, error.token.start_index if error.token else 0, f"This cannot be read: {error.message}.")


@dataclass
class _Block:
    """A tag that waits for its end."""

    mark: Mark
    chooses: object = None  # the fact that a case is about
    branches: int = 0
    has_else: bool = False


class _Reader:
    """Goes through the marks of a text once, and knows at each of them what it stands in."""

    def __init__(self, text, known):
        self.text = text
        self.blocks = []
        self.optional = set()  # names
        self.expressions = Expressions(LIQUID, known)

    def faults(self):
        for it in marks.read(self.text):
            said = [it] if isinstance(it, Fault) else [fault_at(self.text, it.start, says) for says in self._judge(it)]
            yield from said
        for block in self.blocks:
            end = BLOCKS[block.mark.name]
            says = f"{{% {block.mark.name} %}} begins here and never ends; write {{% {end} %}} where it ends."
            yield fault_at(self.text, block.mark.start, says)

    @property
    def _inner(self):
        return self.blocks[-1] if self.blocks else None

    def _judge(self, mark):
        if self._inner and self._inner.mark.name == "comment" and mark.name != "endcomment":
            return  # nobody reads it but people
        if mark.name in WITHOUT_WORDS and mark.words:
            yield f"Nothing more may stand behind “{mark.name}”; take out “{mark.words}”."
        if not mark.name:
            yield from self.expressions.printed(mark)
        elif mark.name in BLOCKS:
            yield from self._open(mark)
        elif mark.name in INSIDE:
            yield from self._branch(mark)
        elif mark.name in BLOCKS.values():
            yield from self._close(mark)
        elif mark.name != "#":
            yield f"A letter has no {{% {mark.name} %}}; it has if, unless, case, for and optional, each with its end."

    def _open(self, mark):
        block = _Block(mark)
        self.blocks.append(block)
        if len(self.blocks) == DEPTH_LIMIT + 1:
            yield f"This is the condition number {DEPTH_LIMIT + 1} within another; make it simpler."
        if mark.name == "for":
            yield from self.expressions.loop(mark)
        elif mark.name == "case":
            block.chooses, said = self.expressions.choice(mark)
            yield from said
        elif mark.name == "optional":
            yield from self._optional(mark)
        elif mark.name != "comment":
            yield from self.expressions.condition(mark)

    def _optional(self, mark):
        name, condition, said = optional.read(mark.words)
        yield from said
        if condition:
            yield from self.expressions.condition(replace(mark, words=condition))
        if name and name in self.optional:
            yield f"There are two optional paragraphs “{name}”; call one of them something else."
        self.optional.add(name)
        around = {block.mark.name for block in self.blocks[:-1]} & {"for", "optional"}
        if around:
            yield f"An optional paragraph cannot stand within “{around.pop()}”; put it before or behind."
        if not optional.stands_alone(self.text, mark):
            yield "An optional paragraph begins on a line of its own; put this mark on one."

    def _branch(self, mark):
        block, fits = self._inner, INSIDE[mark.name]
        if block is None or block.mark.name not in fits:
            yield f"“{mark.name}” stands outside of {' or '.join(fits)}; take it out, or begin one before it."
            return
        if block.has_else:
            yield f"“{mark.name}” comes after “else”, so it is never reached; put it before."
        block.branches += 1
        block.has_else |= mark.name == "else"
        if mark.name == "elsif":
            yield from self.expressions.condition(mark)
        elif mark.name == "when":
            yield from self.expressions.option(mark, block.chooses)

    def _close(self, mark):
        block = self._inner
        if block is None or BLOCKS[block.mark.name] != mark.name:
            ends = f"{{% {block.mark.name} %}} has to end first" if block else "nothing is open"
            yield f"“{mark.name}” ends nothing here: {ends}. Take it out, or put it where its block ends."
            return
        self.blocks.pop()
        if mark.name == "endoptional" and not optional.stands_alone(self.text, mark):
            yield "An optional paragraph ends on a line of its own; put this mark on one."
        if block.mark.name == "for":
            self.expressions.leave_loop()
        if block.mark.name == "case" and not block.branches:
            yield "This case has no “when”, so nothing of it is ever shown; write one."
