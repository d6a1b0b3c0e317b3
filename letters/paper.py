"""Whose paper a letter is set on and how it is signed, as the sheet wants it: text and bytes out of rows and files."""

from django.conf import settings

from letters import address
from letters.models import Letterhead, Signature
from letters.sheet import CannotRender, Signatory
from letters.sheet import Letterhead as Head


def letterhead(case) -> Letterhead:
    """The letterhead in use for the organisation that `case` belongs to; the house's own for a case that belongs to
    none. Raises CannotRender where there is none: no letter goes out on somebody else's paper."""
    found = Letterhead.objects.in_use(case.organisation)
    if found is None:
        whose = f" for {case.organisation}" if case.organisation else ""
        raise CannotRender(f"There is no letterhead{whose} yet. Set it up under Letterheads first.")
    return found


def head(row: Letterhead) -> Head:
    """The letterhead in words and bytes. Raises CannotRender when the file of its logo is gone."""
    return Head(
        name=row.name,
        address_lines=address.lines(
            name="",
            street=row.street,
            city=row.city,
            region=row.region,
            postcode=row.postcode,
            country=row.country.code,
            home=settings.COUNTRY,
        ),
        phone=row.phone,
        email=row.email,
        website=row.website,
        registration_line=row.registration_line,
        logo=_content(row.logo, "The letterhead's logo file is missing. Upload it again under Letterheads."),
        logo_alt=row.name if row.logo else "",
        colour=row.colour,
    )


def signatory(user, organisation) -> Signatory:
    """How `user` signs a letter of `organisation`: as set up under Signatures for it, else as set up for the house,
    else with plain name and job title. Raises CannotRender when the file of the picture is gone."""
    if user is None:
        return Signatory(name="", job_title="")
    row = Signature.objects.of(user, organisation)
    if row is None:
        return Signatory(name=str(user), job_title=user.job_title)
    missing = f"The picture of {user}'s signature is missing. Upload it again under Signatures."
    return Signatory(
        name=row.name or str(user),
        job_title=row.job_title or user.job_title,
        picture=_content(row.picture, missing),
    )


def _content(file, missing):
    """The bytes of `file`; None where no file was chosen."""
    if not file:
        return None
    try:
        return file.read()
    except FileNotFoundError:
        raise CannotRender(missing) from None
    finally:
        file.close()
