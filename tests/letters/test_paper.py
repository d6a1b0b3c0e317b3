"""Whose paper a letter goes out on, and who signs it how."""

import io
from pathlib import Path

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from cases.models import Organisation
from letters import dispatch, paper, writing
from letters.models import Kind, Letterhead, Paper, Signature, Style, TemplateVersion
from letters.sheet import CannotRender
from tests.conftest import TUESDAY
from tests.letters.paper import pages, picture


@pytest.fixture
def energy(db):
    """A brand of the house with paper of its own, US Letter in semi-block."""
    organisation = Organisation.objects.create(name="Northwind Energy")
    Letterhead.objects.create(
        organisation=organisation,
        name="Northwind Energy",
        street="1 Grid Square",
        city="Leeds",
        country="GB",
        style=Style.SEMI_BLOCK,
        paper=Paper.US_LETTER,
    )
    return organisation


@pytest.fixture
def with_a_pen(handler):
    """Ines signs letters of the house with a picture of her signature, under a name of her own."""
    signature = Signature(user=handler, name="Inês M. Carvalho", job_title="Customer Relations")
    signature.picture.save("ines.png", ContentFile(picture("PNG")))
    return signature


def test_a_case_of_the_house_goes_out_on_the_houses_newest_paper(draft, energy, letterhead):
    newer = Letterhead.objects.create(name="Northwind Group", street="2 Quay", city="Bristol", country="GB")
    assert paper.letterhead(draft.case) == newer
    assert writing.sheet(draft, on=TUESDAY).letterhead.name == "Northwind Group"


def test_a_case_of_a_brand_goes_out_on_the_brands_paper_and_in_its_format(draft, energy, handler):
    draft.case.belong_to(energy, on=TUESDAY, by=handler)
    sheet = writing.sheet(draft, on=TUESDAY)
    assert (sheet.letterhead.name, sheet.style, sheet.paper) == ("Northwind Energy", "semi_block", "us_letter")
    with pikepdf.open(io.BytesIO(dispatch.preview(draft, on=TUESDAY))) as pdf:
        assert [float(side) for side in pdf.pages[0].mediabox[2:]] == pytest.approx([612, 792])


def test_a_brand_without_paper_never_borrows_the_houses(draft, handler):
    draft.case.belong_to(Organisation.objects.create(name="Northwind Water"), on=TUESDAY, by=handler)
    with pytest.raises(CannotRender, match="no letterhead for Northwind Water yet"):
        dispatch.preview(draft, on=TUESDAY)
    with pytest.raises(dispatch.NotIssued, match="no letterhead for Northwind Water yet"):
        dispatch.issue(draft, on=TUESDAY, by=handler)


def test_a_template_may_choose_another_format_and_paper_than_the_letterhead(ready, handler):
    library_version = writing.draft(ready, Kind.CALLBACK, on=TUESDAY, by=handler).template_version
    draft = ready.letters.get()
    draft.template_version = TemplateVersion.objects.create(
        template=library_version.template,
        number=2,
        subject="S",
        body="B",
        made_by_name="Amara",
        style=Style.MODIFIED_BLOCK,
        paper=Paper.US_LETTER,
    )
    sheet = writing.sheet(draft, on=TUESDAY)
    assert (sheet.style, sheet.paper) == ("modified_block", "us_letter")


def test_a_letter_is_signed_as_set_up_with_the_picture(draft, with_a_pen):
    before = dispatch.preview(draft, on=TUESDAY)
    assert "Inês M. Carvalho Customer Relations" in " ".join(pages(before))
    assert writing.sheet(draft, on=TUESDAY).signatory.picture == picture("PNG")
    with_a_pen.picture.delete()
    assert dispatch.preview(draft, on=TUESDAY) != before


def test_a_brands_own_signature_comes_before_the_houses(draft, with_a_pen, energy, handler):
    Signature.objects.create(user=handler, organisation=energy, name="Ines of Energy")
    assert paper.signatory(handler, None).name == "Inês M. Carvalho"
    assert paper.signatory(handler, energy).name == "Ines of Energy"


def test_a_letter_whose_signature_picture_is_gone_is_not_set(draft, with_a_pen):
    Path(with_a_pen.picture.path).unlink()
    with pytest.raises(CannotRender, match="The picture of Inês Carvalho's signature is missing"):
        dispatch.preview(draft, on=TUESDAY)


def test_a_lead_sets_up_a_signature_and_a_broken_picture_is_refused_at_its_field(client, lead, handler):
    client.force_login(lead)
    door = reverse("admin:letters_signature_add")
    words = {"user": handler.pk, "organisation": "", "name": "", "job_title": "Adviser"}
    answer = client.post(door, words | {"picture": ContentFile(b"no picture", "ines.png")})
    assert "neither PNG, JPEG nor SVG" in str(answer.context["adminform"].form.errors["picture"])
    assert client.post(door, words | {"picture": ContentFile(picture("PNG"), "ines.png")}).status_code == 302
    assert Signature.objects.get().picture.read() == picture("PNG")


def test_a_handler_says_which_organisation_a_case_belongs_to(client, handler, case, energy):
    client.force_login(handler)
    door = reverse("admin:cases_case_verb", args=[case.pk, "organisation"])
    assert "Northwind Energy" in client.get(door).content.decode()
    assert client.post(door, {"organisation": energy.pk}).status_code == 302
    case.refresh_from_db()
    assert case.organisation == energy
    assert case.events.last().text == "Belongs to Northwind Energy."


def test_a_lead_sees_a_sample_on_the_paper_that_was_saved(client, lead, energy):
    client.force_login(lead)
    row = Letterhead.objects.get(organisation=energy)
    door = reverse("admin:letters_letterhead_sample", args=[row.pk])
    assert door in client.get(reverse("admin:letters_letterhead_change", args=[row.pk])).content.decode()
    answer = client.get(door)
    assert "Northwind Energy 1 Grid Square" in pages(answer.content)[0]
    row.registration_line = "Registered in \U000f0000."
    row.save()
    assert client.get(door).status_code == 422
