"""What WeasyPrint works out anew for every letter although it is the same each time: worked out once and kept.

These are WeasyPrint's private parts, so all of it stands here and in glyphs.py, the version is pinned, and the tests
set letters with and without it and compare the bytes. Everything is known by all that makes it what it is (a style by
its whole stylesheet, a line by its words and style, a picture by its bytes), so that changed paper never shows as it
was, and is bounded in number.
"""

import functools
import re
import threading
from collections import OrderedDict
from hashlib import sha256
from xml.etree import ElementTree

import cssselect2
import pydyf
import weasyprint
from weasyprint import document, draw, images
from weasyprint.css import StyleFor
from weasyprint.css.targets import TargetCollector
from weasyprint.formatting_structure import boxes
from weasyprint.layout import (
    LayoutContext,
    absolute,
    block,
    column,
    float,
    grid,
    inline,
    page,
    percent,
    preferred,
    table,
)
from weasyprint.text import line_break
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description

from letters import glyphs
from letters.watch import listening

STYLES_LIMIT = 2_000  # kinds of element under one stylesheet; a letter has about 80, and most are in all letters
LINES_LIMIT = 500  # of text, kept broken; a letter has about a hundred and fifty
PICTURES_LIMIT, PICTURE_LIMIT = 8, 500_000  # in number, and in bytes of each as it lies in the file


def lay_out(html, stylesheet, styles, fonts, url_fetcher, variant):
    """The document that `weasyprint.HTML(string=html, ...).render(...)` makes, computed under `styles`.

    The HTML of our paper is well-formed XML too, and Python's own fast parser reads the same tree from it.
    """
    options = weasyprint.DEFAULT_OPTIONS | {"stylesheets": [stylesheet], "pdf_variant": variant}
    try:
        return _Document._render(_Page(html, url_fetcher, styles), fonts, None, None, options)
    except BaseException:
        styles.forget()  # some may be known by halves
        raise


class _Page(weasyprint.HTML):
    def __init__(self, html, url_fetcher, styles):
        self.styles = styles
        try:
            root = ElementTree.fromstring(html)
        except ElementTree.ParseError:  # a character that XML has no place for: one that no font prints either
            super().__init__(string=html, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


class _Document(weasyprint.Document):
    @classmethod
    def _build_layout_context(cls, html, font_config, counter_style, color_profiles, options):
        for named in html._ua_counter_style():
            counter_style.update(named)
        sheets = [(sheet, "user agent", None) for sheet in html._ua_stylesheets()]
        sheets += [(sheet, "user", None) for sheet in options["stylesheets"]]
        targets = TargetCollector()
        style_for = _StyleFor(html, sheets, font_config, targets)
        pictures = functools.partial(
            document.original_get_image_from_uri, cache={}, url_fetcher=html.url_fetcher, options=options
        )
        return LayoutContext(style_for, pictures, font_config, counter_style, targets)


class Styles:
    """The computed styles under one stylesheet. Two elements that the same rules apply to, with the same attributes and
    with parents that are alike, have the same style, in whatever letter they stand."""

    def __init__(self):
        self.forget()

    def forget(self):
        self._kinds = {}  # what makes the style of an element what it is -> its number
        self.of = {}  # number -> {pseudo-element, or None for the element itself: style}
        self.of_page = {}  # (number of the root, kind of page) -> {(kind of page, margin box): style}
        self.page_sizes = {"box": None, "area": None}

    def kinds(self, html, sheets):
        """Every element with the number of its kind, in the order of the document."""
        if len(self._kinds) > STYLES_LIMIT:
            self.forget()
        found = {}
        for element in html.wrapper_element.iter_subtree():
            own = element.etree_element
            rules = tuple(id(rule) for sheet, *_ in sheets for *_, rule in sheet.matcher.match(element))
            parent = found[element.parent.etree_element] if element.parent else None
            kind = parent, rules, own.get("style"), own.get("lang"), own.get("id")
            found[own] = self._kinds.setdefault(kind, len(self._kinds))
        return found


class _StyleFor(StyleFor):
    """Finds the style of each element of one letter among those that are kept; has new ones computed."""

    def __init__(self, html, sheets, font_config, target_collector):
        self._kept, self._sheets, self.font_config = html.styles, sheets, font_config
        self._cascaded_styles, self._computed_styles = {}, {}
        kinds = self._kept.kinds(html, sheets)
        if not self._kept.of.keys() >= set(kinds.values()):
            self._learn(StyleFor(html, sheets, False, font_config, None), kinds)
        self.initial_page_sizes = self._kept.page_sizes
        self._root = kinds[html.etree_element]
        for element, kind in kinds.items():
            for pseudo, style in self._kept.of[kind].items():
                self._computed_styles[element, pseudo] = style
            if anchor := self._kept.of[kind][None]["anchor"]:
                target_collector.collect_anchor(anchor)

    def _learn(self, computed, kinds):
        styles = {}
        for (element, pseudo), style in computed.get_computed_styles().items():
            styles.setdefault(element, {})[pseudo] = style
            style.initial_page_sizes = self._kept.page_sizes
        for element, kind in kinds.items():
            self._kept.of.setdefault(kind, styles[element])

    def add_page_declarations(self, page_type):
        known = self._kept.of_page.get((self._root, page_type))
        if known is None:
            super().add_page_declarations(page_type)
        else:
            self._computed_styles.update(known)

    def set_computed_styles(self, element, parent, root=None, pseudo_type=None, base_url=None, target_collector=None):
        known = self._kept.of_page.setdefault((self._root, element), {})
        if (element, pseudo_type) not in known:
            super().set_computed_styles(element, parent, root, pseudo_type, base_url, target_collector)
            known[element, pseudo_type] = self._computed_styles[element, pseudo_type]


# A box takes its sizes, its place in the flow and the height of its lines from its style. Where none of the sizes is a
# share of another one, they are the same for every box of the style.

SIZES = (
    *(f"{name}_{side}" for name in ("margin", "padding") for side in ("top", "right", "bottom", "left")),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)
BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


def _resolve_percentages(box, containing_block, whole=percent.resolve_percentages):
    own = vars(box.style)
    if "sizes" not in own:
        own["sizes"] = _fixed(box.style)
    if own["sizes"] is None:
        whole(box, containing_block)
    else:
        vars(box).update(own["sizes"])


def _fixed(style):
    """The sizes of every box of this style in pixels; None where they depend on what stands around it."""
    if style["border_collapse"] == "collapse" or style["box_sizing"] != "content-box":
        return None
    sizes = {name: style[name] for name in BORDERS}
    for name in SIZES:
        value = style[name]
        if value == "auto":
            sizes[name] = 0 if name in ("min_width", "min_height") else "auto"
        elif getattr(value, "unit", "%") == "%":
            return None
        else:
            sizes[name] = value.value
    return sizes


def _is_in_normal_flow(box, whole=boxes.Box.is_in_normal_flow):
    own = vars(box.style)
    if "in_flow" not in own:
        own["in_flow"] = whole(box)
    return own["in_flow"]


def _strut(style, whole=line_break.strut):
    own = vars(style)
    if "strut" not in own:
        own["strut"] = whole(style)
    return own["strut"]


PARAGRAPH_ENDS = re.compile("[\n\r\u2029]")


class _Layout(line_break.Layout):
    """A line of text as Pango holds it. What it needs for a style is made once; the line that was laid out is the one
    that is drawn, so that nothing has to be laid out again for drawing."""

    def setup(self, style):
        own = vars(style)
        if "for_pango" not in own:
            own["for_pango"] = _for_pango(style)
        if own["for_pango"] is None:
            super().setup(style)
            return
        context, self.language, font = own["for_pango"]
        self.style, self.first_line_direction = style, 0
        self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, font)
        self.ascent = self.underline_position = self.underline_thickness = None
        self.strikethrough_position = self.strikethrough_thickness = None

    def set_text(self, text, justify=False):
        # drawing asks for a single paragraph: where there is but one, that is no change to the layout any more
        pango.pango_layout_set_single_paragraph_mode(self.layout, not PARAGRAPH_ENDS.search(text))
        super().set_text(text, justify)

    def deactivate(self):
        pass

    def reactivate(self, style):
        if self.justification_spacing:
            super().reactivate(style)


class _Lines(threading.local):
    """The lines that were broken last, and how: a letter's own paper, the words of its template and a table's cells,
    which are measured again and again, need not be broken anew."""

    def __init__(self):
        self.kept = OrderedDict()

    def split(self, text, style, context, max_width, justification_spacing, is_line_start=True, minimum=False):
        line = text, id(style), max_width, justification_spacing, is_line_start, minimum
        if line in self.kept:
            self.kept.move_to_end(line)
            return self.kept[line]
        broken = SPLIT(text, style, context, max_width, justification_spacing, is_line_start, minimum)
        if PARAGRAPH_ENDS.search(text) or style["text_overflow"] != "clip" or style["block_ellipsis"] != "none":
            return broken  # drawing changes such a line
        self.kept[line] = broken  # which holds the style, so that no other one takes its id
        if len(self.kept) > LINES_LIMIT:
            self.kept.popitem(last=False)
        return broken


SPLIT = line_break.split_first_line
_lines = _Lines()


def _split_first_line(*line, **how):
    return _lines.split(*line, **how)


def _for_pango(style):
    """Context, language and font; None for what our paper has no use for."""
    features = (
        *("kerning", "variant_ligatures", "variant_position", "variant_caps", "variant_numeric"),
        *("variant_alternates", "variant_east_asian", "feature_settings"),
    )
    special = font_features(*(style[f"font_{name}"] for name in features))
    decorated = style["text_decoration_line"] != "none"
    if special or decorated or style["font_language_override"] != "normal" or not style["lang"]:
        return None
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    language_name, _ = unicode_to_char_p(style["lang"])
    language = pango.pango_language_from_string(language_name)
    pango.pango_context_set_language(context, language)
    return context, language, get_font_description(style)


class _Pictures(threading.local):
    """Logos and signatures as they lie in the file, packed anew for every letter otherwise."""

    def __init__(self):
        self.kept = OrderedDict()

    def packed(self, image, interpolate, dpi_ratio):
        data = image.image_data.data
        if len(data) > PICTURE_LIMIT:
            return PACK(image, interpolate, dpi_ratio)
        picture = sha256(data).digest(), image.id, interpolate, dpi_ratio
        if picture not in self.kept:
            self.kept[picture] = PACK(image, interpolate, dpi_ratio)
        self.kept.move_to_end(picture)
        if len(self.kept) > PICTURES_LIMIT:
            self.kept.popitem(last=False)
        return _copy(self.kept[picture])


def _copy(stream):
    """The same picture for another file, in which it and its mask will have other numbers."""
    extra = {name: _copy(part) if isinstance(part, pydyf.Stream) else part for name, part in stream.extra.items()}
    return pydyf.Stream(list(stream.stream), pydyf.Dictionary(extra), stream.compress)


PACK = images.RasterImage.get_x_object
_pictures = _Pictures()


def _get_x_object(image, interpolate, dpi_ratio):
    return _pictures.packed(image, interpolate, dpi_ratio)


class _Drawing(images.SVGImage):
    """A logo that was drawn is drawn again as it was, where it has the same size and is only lines and areas."""

    drawn = threading.local()

    def __init__(self, tree, *surroundings):
        self._source = ElementTree.tostring(tree)
        super().__init__(tree, *surroundings)

    def draw(self, stream, width, height, style):
        kept = vars(self.drawn).setdefault("kept", OrderedDict())
        drawing = self._source, width, height, *(getattr(stream, name) for name in PENS)
        if drawing in kept:
            strokes, states = kept[drawing]
            kept.move_to_end(drawing)
            stream.stream += strokes
            for name, state in states.items():
                stream._resources["ExtGState"].setdefault(name, pydyf.Dictionary(state))
            return
        before, parts = len(stream.stream), _parts(stream)
        with listening() as said:
            super().draw(stream, width, height, style)
        if not said and _parts(stream) == parts and b"text" not in self._source:
            strokes = stream.stream[before:]
            kept[drawing] = strokes, _states(stream, strokes)
            if len(kept) > PICTURES_LIMIT:
                kept.popitem(last=False)


PENS = ("_current_color", "_current_color_stroke", "_current_alpha", "_current_alpha_stroke")


def _parts(stream):
    """How many objects of their own the page has: gradients, patterns, masks and groups know where they stand."""
    named = stream._resources
    special = [name for name in named["ExtGState"] if name.startswith("s")]
    return [len(named[kind]) for kind in ("XObject", "Pattern", "Shading")], special


def _states(stream, strokes):
    """The degrees of opacity that the strokes name, in their order."""
    named = [stroke[1:-3].decode() for stroke in strokes if isinstance(stroke, bytes) and stroke.endswith(b" gs")]
    return {name: dict(stream._resources["ExtGState"][name]) for name in named}


# Owner, name, and what stands there instead.
REPLACED = (
    *(
        (layout, "resolve_percentages", _resolve_percentages)
        for layout in (absolute, block, column, float, grid, inline, page, percent, table)
    ),
    (boxes.Box, "is_in_normal_flow", _is_in_normal_flow),
    (inline, "strut", _strut),
    (inline, "split_first_line", _split_first_line),
    (preferred, "split_first_line", _split_first_line),
    (line_break, "Layout", _Layout),
    (images, "SVGImage", _Drawing),
    (images.RasterImage, "get_x_object", _get_x_object),
    (draw.text, "draw_first_line", glyphs.draw_first_line),
)
ORIGINAL = tuple((owner, name, getattr(owner, name)) for owner, name, _ in REPLACED)
for _owner, _name, _ours in REPLACED:
    setattr(_owner, _name, _ours)
