"""What a customer can send from their own page: an answer to what we ask, and a message."""

import uuid

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from cases import intake


class PageForm(forms.Form):
    """In the words of the page; its field of text is called `words`."""

    use_required_attribute = False

    def __init__(self, data=None, *, prefix, says):
        self.says = says
        super().__init__(data, prefix=prefix)

    @cached_property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.field_template = "cases/field.html"
        return helper

    def clean_words(self):
        words = intake.tidied(self.cleaned_data["words"])
        if len(words) > self.limit:
            numbers = {"limit": f"{self.limit:,}", "wrote": f"{len(words):,}"}
            raise ValidationError(self.says.say("too_long", **numbers))
        return words


class AnswerForm(PageForm):
    """Yes or no to one question, with their own words."""

    limit = intake.WANTED_LIMIT

    is_yes = forms.TypedChoiceField(coerce=lambda value: value == "yes", widget=forms.RadioSelect)
    words = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))

    def __init__(self, data=None, *, question, says):
        super().__init__(data, prefix=f"answer-{question.pk}", says=says)
        self.question = question
        self.asked = says.all["questions"][question.kind]
        self.fields["is_yes"].label = says.all["your_answer"]
        self.fields["is_yes"].error_messages = {"required": says.all["choose"], "invalid_choice": says.all["choose"]}
        self.fields["is_yes"].choices = [(name, self.asked[name]) for name in ("yes", "no")]
        self.fields["words"].label = self.asked["words"]

    @property
    def hint(self):
        done = self.question.commitment
        return self.says.say("questions", self.question.kind, "hint", day=done and done.kept_on)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_yes") is False and cleaned.get("words") == "":
            self.add_error("words", self.says.all["words_needed"])
        return cleaned

    def repeats(self, answer) -> bool:
        """Whether this was answered before in the very same way."""
        given = {"is_yes": answer.is_yes, "words": answer.words}
        return self.is_valid() and self.cleaned_data == given


class MessageForm(PageForm):
    """What they want to tell us. Each form shown has a key of its own, so that a second press sends nothing twice."""

    limit = intake.STORY_LIMIT

    words = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}))
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, says):
        super().__init__(data, prefix="message", says=says)
        self.fields["words"].label = says.all["message"]["label"]
        self.initial["key"] = uuid.uuid4()

    def clean_words(self):
        words = super().clean_words()
        if not words:
            raise ValidationError(self.says.all["message"]["empty"])
        return words


def typed(data) -> list[str]:
    """What somebody typed into a form of the page, for whoever wants to copy it."""
    return [words for name, words in data.items() if name.endswith("-words") and words]
