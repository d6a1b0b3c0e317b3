"""Choosing a picture for letters: a logo, a signature."""

from django import forms
from django.core.exceptions import ValidationError

from letters import pictures


class PictureField(forms.FileField):
    """A picture that a letter can show; any other is refused here, not when the letter is set."""

    # the file has no address of its own, so the widget must not offer a link to it
    widget = forms.FileInput(attrs={"accept": ".svg,.png,.jpg,.jpeg"})

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file and file is not initial:
            try:
                pictures.safe(file.read())
            except pictures.Unreadable as error:
                raise ValidationError(f"This picture cannot be printed: {error}.") from None
            file.seek(0)
        return file
