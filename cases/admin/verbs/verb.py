"""What a verb of a case is to the desk, and what the forms of several verbs have in common.

A class says how the button is called, in which stages it is at hand, what form it needs and what it does. What may not
be is refused below, by the case itself.
"""

from typing import NamedTuple

from cases.admin.forms import VerbForm, WordsField
from cases.models import User
from cases.stages import Stage


class Done(NamedTuple):
    """What was done, in a sentence, and where to go on when that is not the page of the case."""

    said: str
    goto: str = ""


class Verb:
    name = ""  # in the address
    label = ""  # on the button
    icon = ""
    guidance = ""  # what helps to do it well, a line or two
    form = VerbForm
    template = "verb.html"
    about = ""  # which of the case's rows it concerns: "points", "involvements" ...; empty: the case itself
    at_hand = ()  # the stages in which its button stands in front
    for_leads = False
    straight = False  # done by one press on the case's own page; its own page is for what goes wrong
    reaches_customer = False  # it is about ringing or writing to them: what they need stands above its form
    moves = False  # carries the stage that the person saw, so that nobody moves on what they have not read

    def title(self, case, about):
        return self.label

    def offered(self, case, *, about=None, user=None) -> bool:
        """Whether it makes sense now; who may is asked elsewhere."""
        return case.stage != Stage.CLOSED

    def is_at_hand(self, case) -> bool:
        """Whether its button stands in front rather than under “More”."""
        return case.stage in self.at_hand

    def beside(self, case) -> dict:
        """What its page shows besides the form."""
        return {}

    def do(self, case, about, cleaned, *, on, by) -> Done:
        raise NotImplementedError


VERBS = {}


def verb(kind):
    VERBS[kind.name] = kind()
    return kind


def staff_at_work():
    return User.objects.filter(is_active=True)


def blank(choices, label="Choose one"):
    return [("", label), *choices]


class ReasonForm(VerbForm):
    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history keeps it.")
