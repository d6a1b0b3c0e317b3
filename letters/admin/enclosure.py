"""The form of what goes with a letter."""

from django import forms

from cases.admin.desk import dress
from cases.admin.forms import helper
from letters.enclosable import MB, PAGES_LIMIT, SIZE_LIMIT

TITLE_LIMIT = 120


class EnclosureForm(forms.Form):
    file = forms.FileField(
        label="A PDF to enclose",
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        help_text=f"Up to {PAGES_LIMIT} pages; all enclosures together up to {SIZE_LIMIT // MB} MB.",
    )
    title = forms.CharField(
        label="What the letter calls it",
        max_length=TITLE_LIMIT,
        help_text="In the letter's language, such as “Copy of your contract”.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)
        self.helper = helper()
