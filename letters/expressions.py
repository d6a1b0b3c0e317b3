"""What a mark may say: which placeholder may be printed, asked for, compared with what, looped over. Each judgement is
a sentence that says what to do."""

from difflib import get_close_matches

from liquid.builtin.expressions import LoopExpression, Nil, Path, StringLiteral
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import (
    Blank,
    Empty,
    FalseLiteral,
    IntegerLiteral,
    TrueLiteral,
)
from liquid.exceptions import LiquidError

from letters.facts import FACTS, Fact
from letters.values import Day, as_is

EQUAL = (EqExpression, NeExpression)
ORDER = (LtExpression, GtExpression, LeExpression, GeExpression)
NOTHING = (Nil, Empty, Blank)
COUNT = Fact("size", "How many there are.", 2, None, as_is)
OF_A_LOOP = {
    "index": COUNT,
    "length": COUNT,
    "first": Fact("first", "", True, None, values=(True, False)),
    "last": Fact("last", "", True, None, values=(True, False)),
}
HOW_TO_ASK = "A condition reads like: if cause, or: if responsibility == 'ours'."


class Expressions:
    """Judges the words of one mark after the other; `known` are the placeholders of the letter, and a loop that is
    entered adds the name of its entry until it is left."""

    def __init__(self, environment, known):
        self.environment = environment
        self.known = known
        self.entries = []  # of the loops that are open: (name, fields)

    # --- by the kind of mark ---

    def printed(self, mark):
        expression, said = self._read(mark.source, "Between the braces stands the name of a placeholder.")
        if said:
            return said
        if not isinstance(expression.left, Path):
            return ["Between the braces stands the name of a placeholder; write other words without braces."]
        fact, said = self._find(expression.left)
        if fact is None:
            return said
        return [*self._printable(fact), *self._filters(fact, expression.filters or ())]

    def condition(self, mark):
        expression, said = self._read(f"{{% if {mark.words} %}}{{% endif %}}", HOW_TO_ASK)
        return said or list(self._asks(expression.expression))

    def choice(self, mark):
        """The fact that a case is about, and what is wrong with it."""
        expression, said = self._read(f"{{% case {mark.words} %}}{{% endcase %}}", "It reads like: case outcome.")
        if said:
            return None, said
        if not isinstance(expression, Path):
            return None, ["Behind “case” stands the name of a placeholder."]
        return self._find(expression)

    def option(self, mark, fact):
        source = f"{{% case 0 %}}{{% when {mark.words} %}}{{% endcase %}}"
        try:
            node = self.environment.from_string(source).nodes[0]
            options = next(iter(node.blocks[0].expressions())).children()
        except LiquidError as error:
            return [f"This cannot be read: {error.message}. It reads like: when 'ours'."]
        return [said for option in options for said in self._fits(fact, option)]

    def loop(self, mark):
        """Enters the loop, whatever is wrong with it."""
        how = "A loop reads like: for point in points."
        expression, said = self._read(f"{{% for {mark.words} %}}{{% endfor %}}", how)
        if said:
            self.entries.append(("", ()))
            return said
        fact, said = self._looped(expression)
        self.entries.append((expression.identifier, fact.fields if fact else None))
        if len(self.entries) > 1:
            said = [*said, "A loop cannot stand within a loop; end the other one first."]
        if expression.identifier in self.known:
            said = [*said, f"“{expression.identifier}” is a placeholder; call the entry of the loop something else."]
        return said

    def leave_loop(self):
        self.entries.pop()

    # --- inside ---

    def _read(self, source, how):
        """The expression of a mark, and what is wrong with it."""
        try:
            return next(iter(self.environment.from_string(source).nodes[0].expressions())), []
        except LiquidError as error:
            return None, [f"This cannot be read: {error.message}. {how}"]

    def _find(self, path):
        """The fact that a name stands for, or why there is none."""
        names = path.path
        if not all(isinstance(name, str) for name in names):
            return None, [f"“{path}” cannot be used: brackets mean nothing here. Write only names from the list."]
        head, rest = names[0], names[1:]
        entry = next((fields for name, fields in reversed(self.entries) if name == head), False)
        if entry is not False:
            return self._find_field(path, entry, rest)
        if head == "forloop" and self.entries and len(rest) == 1 and rest[0] in OF_A_LOOP:
            return OF_A_LOOP[rest[0]], []
        fact = self.known.get(head)
        if fact is None:
            return None, [self._unknown(head)]
        if not rest:
            return fact, []
        if fact.fields and rest == ["size"]:
            return COUNT, []
        if fact.fields:
            return None, [f"“{path}” cannot be used: go through the list with {{% for {fact.entry} in {head} %}}."]
        return None, [f"“{path}” cannot be used: there is nothing within “{head}”; write {head} alone."]

    def _find_field(self, path, fields, rest):
        if fields is None:  # the list itself is unknown, and that was said
            return None, []
        called = {field.name: field for field in fields}
        if len(rest) == 1 and rest[0] in called:
            return called[rest[0]], []
        return None, [f"“{path}” is not there; each entry has {_in_words(called)}."]

    def _unknown(self, name):
        if any(fact.name == name for fact in FACTS):
            return f"“{name}” is not known in this kind of letter; take it out."
        close = get_close_matches(name, [*self.known, *(entry for entry, _ in self.entries)], n=1)
        if close:
            return f"There is no placeholder “{name}”. Did you mean “{close[0]}”?"
        if any(name in map(str, fact.values) for fact in self.known.values()):
            return f"There is no placeholder “{name}”. A value to compare with stands in quotation marks: '{name}'."
        return f"There is no placeholder “{name}”; choose one from the list."

    def _printable(self, fact):
        if fact.fields:
            yield f"“{fact.name}” is a list; go through it with {{% for {fact.entry} in {fact.name} %}}."
        elif fact.values:
            yield (
                f"“{fact.name}” is for conditions, and would be printed as a code word; "
                f"ask for it with {{% if {_asked(fact)} %}}."
            )

    def _filters(self, fact, filters):
        for it in filters:
            if it.name not in self.environment.filters:
                yield f"There is no “| {it.name}”; there is on, until and of for a day, and default."
            elif it.name == "default":
                if len(it.args) != 1 or not isinstance(it.args[0].value, StringLiteral):
                    yield "Behind “default:” stands the text to write instead, in quotation marks."
            elif fact.written is not Day:
                yield f"“{fact.name}” is no day, so it has no form “{it.name}”; take it out."

    def _asks(self, expression):
        if isinstance(expression, LogicalAndExpression | LogicalOrExpression):
            yield from self._asks(expression.left)
            yield from self._asks(expression.right)
        elif isinstance(expression, Path):
            yield from self._find(expression)[1]
        elif isinstance(expression, EQUAL):
            yield from self._compares(expression.left, expression.right)
        elif isinstance(expression, ORDER):
            yield from self._orders(expression.left, expression.right)
        elif isinstance(expression, ContainsExpression):
            yield from self._contains(expression.left, expression.right)
        else:
            yield f"This is the same for every letter, so it asks nothing. {HOW_TO_ASK}"

    def _compares(self, left, right):
        if not isinstance(left, Path):
            left, right = right, left
        if not isinstance(left, Path):
            yield f"No placeholder is asked about here. {HOW_TO_ASK}"
            return
        fact, said = self._find(left)
        yield from said
        if isinstance(right, Path):
            yield from self._find(right)[1]
        elif fact:
            yield from self._fits(fact, right)

    def _fits(self, fact, literal):
        """Whether what stands beside the fact is something that it can be."""
        if isinstance(literal, Path):
            yield from self._find(literal)[1]
            return
        if fact is None or isinstance(literal, NOTHING):
            return
        value = _value(literal)
        if fact.values and not any(value == it and isinstance(value, type(it)) for it in fact.values):
            yield f"“{fact.name}” is never {literal}; it can be {_in_words(fact.values)}."
        elif fact.fields:
            yield f"“{fact.name}” is a list and is never {literal}; ask with {{% if {fact.name} %}}."
        elif not fact.values and isinstance(value, bool):
            yield f"“{fact.name}” is a text and is never {literal}; ask with {{% if {fact.name} %}}."

    def _orders(self, *sides):
        for side in sides:
            fact, said = self._find(side) if isinstance(side, Path) else (None, [])
            yield from said
            if fact and (fact.values or not isinstance(fact.example, int)):
                yield f"“{fact.name}” is no number, so nothing is larger or smaller; ask with == instead."
            elif fact is None and not said and not isinstance(side, IntegerLiteral):
                yield f"“{side}” is no whole number; only numbers are larger or smaller."

    def _contains(self, left, right):
        if not isinstance(left, Path):
            yield f"Before “contains” stands the name of a placeholder. {HOW_TO_ASK}"
            return
        fact, said = self._find(left)
        yield from said
        if fact and not fact.is_printed:
            yield f"“{fact.name}” is no text; ask with == instead of contains."
        if not isinstance(right, StringLiteral):
            yield "Behind “contains” stands a text in quotation marks."

    def _looped(self, expression: LoopExpression):
        if not isinstance(expression.iterable, Path):
            return None, [f"A loop goes through a list of the case: {_in_words(self._lists())}."]
        fact, said = self._find(expression.iterable)
        if fact and not fact.fields:
            return None, [f"“{fact.name}” is no list; a loop goes through {_in_words(self._lists())}."]
        return fact, [*said, *self._bounds(expression)]

    def _bounds(self, expression):
        for bound in (expression.limit, expression.offset):
            if bound is not None and not isinstance(bound, IntegerLiteral):
                yield "limit and offset take a whole number."

    def _lists(self):
        return [fact.name for fact in self.known.values() if fact.fields]


def _value(literal):
    if isinstance(literal, TrueLiteral | FalseLiteral):
        return isinstance(literal, TrueLiteral)
    return getattr(literal, "value", None)


def _asked(fact):
    first = fact.values[0]
    return fact.name if isinstance(first, bool) else f"{fact.name} == '{first}'"


def _in_words(names) -> str:
    *most, last = [str(name).lower() if isinstance(name, bool) else str(name) for name in names]
    return f"{', '.join(most)} or {last}" if most else last
