"""One file to archive and to read aloud: both claims, and what can be seen of their truth without a validator."""

import dataclasses
import io
import re

import pikepdf
import pytest

from letters.render import Signatory, render_pdf
from tests.letters.paper import RESOLUTION, RESOLVED, drawing, headed, picture

UA = "{http://www.aiim.org/pdfua/ns/id/}"
DRAWN = drawing("<g opacity='0.5'><circle cx='30' cy='9' r='8' fill='#c0392b'/></g>")
# Both kinds of picture, one of them half transparent.
PICTURED = dataclasses.replace(
    headed(logo=DRAWN), signatory=Signatory("Helen Marsh", "Head of Customer Care", picture("PNG"))
)


@pytest.fixture(params=[*RESOLVED, "pictured"])
def letter(request):
    sheet = PICTURED if request.param == "pictured" else RESOLVED[request.param]
    with pikepdf.open(io.BytesIO(render_pdf(sheet))) as pdf:
        yield pdf


def dictionaries(pdf):
    """Every dictionary of the file, those inside others too."""
    waiting = list(pdf.objects)
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            waiting += [kid for kid in thing if not getattr(kid, "is_indirect", True)]
        elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            yield thing
            waiting += [kid for _, kid in thing.items() if not getattr(kid, "is_indirect", True)]


def test_the_file_claims_archive_and_accessibility(letter):
    said = letter.open_metadata()
    assert said.pdfa_status == "3A"
    assert said[f"{UA}part"] == "1"


def test_the_metadata_are_one_block_and_explain_the_word_that_the_archive_does_not_know(letter):
    raw = letter.Root.Metadata.read_bytes().decode()
    assert raw.count("<rdf:RDF") == raw.count("</rdf:RDF>") == 1
    words = set(re.findall(r"<(pdfa(?:Extension|Schema|Property):\w+)", raw))
    assert words == {
        "pdfaExtension:schemas",
        *(f"pdfaSchema:{word}" for word in ("schema", "namespaceURI", "prefix", "property")),
        *(f"pdfaProperty:{word}" for word in ("name", "valueType", "category", "description")),
    }
    assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in raw
    assert "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>" in raw


def test_title_and_author_are_the_same_in_both_places_that_name_them(letter):
    said = letter.open_metadata()
    assert said["dc:title"] == str(letter.docinfo["/Title"])
    assert list(said["dc:creator"]) == [str(letter.docinfo["/Author"])] == ["Northwind Home Ltd"]
    assert said["pdf:Producer"] == str(letter.docinfo["/Producer"])


def test_the_file_says_which_colours_it_means(letter):
    [intent] = letter.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    profile = intent.DestOutputProfile.read_bytes()
    assert profile[36:40] == b"acsp"
    assert profile[16:20] == b"RGB "
    assert intent.DestOutputProfile.N == 3
    used = {str(operator) for page in letter.pages for _, operator in pikepdf.parse_content_stream(page)}
    assert not used & {"k", "K"}  # no colours of a printing press, which the profile does not explain


def test_the_file_has_an_identity_made_of_its_content(letter):
    first, second = letter.trailer.ID
    assert bytes(first) == bytes(second)
    assert len(bytes(first)) >= 16


def test_every_font_is_embedded_and_tells_what_its_glyphs_mean(letter):
    fonts = [thing for thing in dictionaries(letter) if thing.get("/Type") == "/Font"]
    whole = [font for font in fonts if font.Subtype == "/Type0"]
    assert whole
    for font in whole:
        [descendant] = font.DescendantFonts
        assert "/FontFile2" in descendant.FontDescriptor or "/FontFile3" in descendant.FontDescriptor
        assert "/ToUnicode" in font
        assert font.Encoding == "/Identity-H"
        assert re.fullmatch(r"/[A-Z]{6}\+.+", str(font.BaseFont))
        if descendant.Subtype == "/CIDFontType2":
            assert descendant.CIDToGIDMap == "/Identity"


def test_nothing_in_the_file_acts_refers_outside_or_leaves_pixels_to_the_viewer(letter):
    for thing in dictionaries(letter):
        assert thing.get("/S") not in ("/JavaScript", "/Launch", "/URI", "/GoToR", "/Movie", "/Sound", "/SubmitForm")
        assert not {"/AA", "/OpenAction", "/EF", "/PostScript", "/OPI", "/Alternates", "/TR", "/HTP"} & set(
            thing.keys()
        )
        assert thing.get("/Filter") not in ("/LZWDecode", "/Crypt")
        assert thing.get("/Interpolate") in (None, False)
        assert thing.get("/BM") in (None, "/Normal", "/Multiply")
    assert "/Encrypt" not in letter.trailer


def test_whatever_is_transparent_says_in_which_colours_it_mixes(letter):
    for thing in dictionaries(letter):
        if thing.get("/S") == "/Transparency":
            assert thing.CS[0] == "/ICCBased"
            assert thing.CS[1].objgen == letter.Root.OutputIntents[0].DestOutputProfile.objgen


def test_the_pdf_is_tagged_and_says_its_language_and_title():
    with pikepdf.open(io.BytesIO(render_pdf(RESOLUTION))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-GB"
        assert pdf.docinfo["/Title"] == "Your complaint about the delivery"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert {page.mediabox[2] // 1 for page in pdf.pages} == {595}
        assert {str(page.Tabs) for page in pdf.pages} == {"/S"}


def test_everything_on_a_page_is_either_tagged_or_an_artifact(letter):
    for page in letter.pages:
        depth = 0
        for _, operator in pikepdf.parse_content_stream(page):
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
            if str(operator) in ("Tj", "TJ", "Do", "f", "F", "f*", "S", "s", "B", "B*", "sh", "EI"):
                assert depth, f"{operator} stands outside"
