"""What a picture may be: what takes a machine down, gives something away or reaches beyond itself is no picture."""

import io

import pytest
from PIL import Image, ImageCms

from letters import pictures
from letters.render import render_pdf
from tests.letters.paper import drawing, headed, pages, picture, refusal

HALF = "<stop offset='0' stop-color='red'/><stop offset='1'/>"


def saved(kind, *, mode="RGB", size=(60, 20), **options):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def painted(data):
    made, kind = pictures.safe(data)
    assert kind == "image/png"
    return Image.open(io.BytesIO(made))


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        (f"<radialGradient spreadMethod='repeat' r='1e-9'>{HALF}</radialGradient>", "it repeats a gradient"),
        (f"<linearGradient spreadMethod='reflect' x2='1e-9'>{HALF}</linearGradient>", "it repeats a gradient"),
        ("<style>@font-face { font-family: 'Noto Sans'; src: local('DejaVu Serif') }</style>", "begins with @"),
        ("<style>@import 'x';</style>", "outside itself"),
        ("<marker id='m'/>", "it contains <marker>"),
        ("<g><animate attributeName='href' to='x'/></g>", "it contains <animate>"),
        ("<set attributeName='href' to='x'/>", "it contains <set>"),
        ("<filter><feImage href='#x'/></filter>", "it contains <feimage>"),
        ("<font id='f'/>", "it contains <font>"),
        ("<rect/>" * 5_001, "more than 5,000 parts"),
        ("<rect mask='url(#m)'/>" * 21, "repeats or masks its own parts too often"),
        ("<rect style='mask : url(#m)'/>" * 21, "repeats or masks its own parts too often"),
        ("<text>" + "word " * 201 + "</text>", "more than 1,000 characters of text"),
        ("<text>" + "<tspan/>word " * 201 + "</text>", "more than 1,000 characters of text"),
        (f"<path d='M0 0{'L1 1' * 250_000}'/>", "a drawing larger than 1 MB"),
    ],
)
def test_a_drawing_that_does_more_than_show_itself_is_refused(inside, why):
    assert why in refusal(headed(logo=drawing(inside)))


def test_a_drawing_without_end_stops_the_letter_with_a_reason():
    for inside in ("<g id='a'><use href='#a'/></g>", "<mask id='a'><g mask='url(#a)'/></mask><g mask='url(#a)'/>"):
        assert "Failed to render SVG image" in refusal(headed(logo=drawing(inside)))


def test_the_notes_of_a_drawing_program_are_left_out():
    notes = (
        "<i:view xmlns:i='http://www.inkscape.example/'><i:page href='http://www.inkscape.example/'/></i:view>"
        "<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:x r:resource='http://x'/></r:RDF>"
        "</metadata>"
    )
    made, kind = pictures.safe(drawing(notes))
    assert kind == "image/svg+xml"
    assert b"inkscape" not in made
    assert b"RDF" not in made
    assert "Northwind Home Ltd" in pages(render_pdf(headed(logo=drawing(notes))))[0]


def test_only_the_pixels_of_a_photograph_are_printed():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    taken = Image.Exif()
    taken[0x8825] = {1: "N", 2: (51.0, 27.0, 0.0)}  # where the camera was
    for kind in ("PNG", "JPEG"):
        made = painted(saved(kind, icc_profile=profile, exif=taken))
        assert "icc_profile" not in made.info
        assert not made.getexif()


def test_a_photograph_stands_as_the_camera_was_held():
    taken = Image.Exif()
    taken[0x0112] = 6  # turn it to the right
    assert painted(saved("JPEG", exif=taken)).size == (20, 60)


@pytest.mark.parametrize(
    ("mode", "kind"), [("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("I;16", "PNG")]
)
def test_every_way_to_write_down_a_photograph_is_printed(mode, kind):
    assert painted(saved(kind, mode=mode)).mode == "RGBA"
    assert "Northwind Home Ltd" in pages(render_pdf(headed(logo=saved(kind, mode=mode))))[0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_photograph_has_no_more_pixels_than_a_printer_shows(kind):
    assert painted(picture(kind, (4_000, 2_000))).size == (1_500, 750)
    assert painted(picture(kind, (60, 20))).size == (60, 20)
