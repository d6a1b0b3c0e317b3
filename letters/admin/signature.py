"""How staff sign letters: set up by leads, for the house and for each organisation."""

from django.contrib import admin
from django.forms import ModelForm

from cases.admin.desk import DeskAdmin, dress
from letters.models import Signature

from .picture import PictureField


class SignatureForm(ModelForm):
    picture = PictureField(required=False)

    class Meta:
        model = Signature
        fields = ("user", "organisation", "name", "job_title", "picture")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "picture" in self.fields:
            self.fields["picture"].help_text = (
                "A picture is set; choose another to replace it."
                if self.instance.picture
                else "SVG, PNG or JPEG, dark on white or transparent. Without one, the letter has room for a pen."
            )
        dress(self)


@admin.register(Signature)
class SignatureAdmin(DeskAdmin):
    form = SignatureForm
    list_display = ("user", "signs_as", "organisation", "has_picture")
    list_select_related = ("user", "organisation")

    def get_fieldsets(self, request, obj=None):
        """The picture is chosen here; it is seen on a letter."""
        picture = ("picture",) if self.has_change_permission(request, obj) else ()
        return ((None, {"fields": (("user", "organisation"), ("name", "job_title"), *picture)}),)

    @admin.display(description="Signs as")
    def signs_as(self, row):
        name, title = row.name or str(row.user), row.job_title or row.user.job_title
        return f"{name}, {title}" if title else name

    @admin.display(description="Picture", boolean=True)
    def has_picture(self, row):
        return bool(row.picture)
