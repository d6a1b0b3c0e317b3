"""What WeasyPrint works out anew for every letter although it is the same each time: worked out once and kept.

These are WeasyPrint's private parts, so all of it stands in this file, the version is pinned (`weasyprint>=70,<71`),
and the tests set letters with and without it and compare the bytes. Nothing is kept of what a letter says; a style is
known by its stylesheet, which is kept by its whole text, so that changed paper never shows as it was.
"""

import functools
import re
import struct
import threading
from collections import OrderedDict
from xml.etree import ElementTree

import cssselect2
import weasyprint
from weasyprint import document, draw
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
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description

STYLES_LIMIT = (
    2_000  # kinds of element under one stylesheet; a letter has about 80, and most of them are in all letters
)

LINES_LIMIT = 500  # of text, kept broken; a letter has about a hundred and fifty


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


GLYPHS = struct.Struct("=IiiiI")  # of Pango: number, width, offsets across and up, marks
NO_GLYPH = min(pango.PANGO_GLYPH_EMPTY, pango.PANGO_GLYPH_UNKNOWN_FLAG)  # and whatever is above


def _draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix, whole=draw.text.draw_first_line):
    """The line goes onto the page, its glyphs read in one block; whatever is not just glyphs beside each other, and of
    fonts with pictures in them, is left to WeasyPrint."""
    if text_overflow != "clip" or block_ellipsis != "none" or not textbox.text.strip():
        return whole(stream, textbox, text_overflow, block_ellipsis, matrix)
    pango.pango_layout_set_single_paragraph_mode(textbox.pango_layout.layout, True)
    line, _ = textbox.pango_layout.get_first_line()
    runs = [(run.item, run.glyphs, _glyphs(run.glyphs)) for run in _runs(line)]
    fonts = [stream.add_font(item.analysis.font) for item, *_ in runs]
    odd = any(number >= NO_GLYPH or up for *_, glyphs in runs for number, _, _, up, _ in glyphs)
    if odd or any(font.bitmap or font.png or font.svg or font.colr for font, _ in fonts):
        return whole(stream, textbox, text_overflow, block_ellipsis, matrix)
    stream.set_text_matrix(*matrix.values)
    shown = ""
    for number, (run, (font, size)) in enumerate(zip(runs, fonts, strict=True)):
        if number == 0 or run[0].analysis.font != runs[number - 1][0].analysis.font:
            if shown:
                stream.show_text(shown)
            shown = ""
            stream.set_font_size(font.hash, size)
        shown += _shown(stream, textbox, font, size, *run)
    stream.show_text(shown)
    return []


def _runs(line):
    run = line.runs[0]
    while run != ffi.NULL:
        yield run.data
        run = run.next


def _glyphs(string):
    return list(GLYPHS.iter_unpack(ffi.buffer(string.glyphs, string.num_glyphs * GLYPHS.size)))


def _shown(stream, textbox, font, size, item, string, glyphs):
    """The glyphs of one run as PDF shows them, moved to where Pango wants them; `font` learns what it has to hold."""
    shown, scale = ["<"], 1000 * FROM_UNITS
    for at, (number, width, across, _, _) in enumerate(glyphs):
        if number not in font.to_unicode:
            font.to_unicode[number] = _meant(textbox.pango_layout.text, item, string, at)
        if number not in font.widths:
            pango.pango_font_get_glyph_extents(item.analysis.font, number, stream.ink_rect, stream.logical_rect)
            font.widths[number] = round(stream.logical_rect.width * scale / size)
        offset = across / size
        if offset:
            shown.append(f">{-offset}<")
        shown.append(f"{number:04x}")
        if kerning := font.widths[number] + offset - width * 1000 * FROM_UNITS / size:
            shown.append(f">{int(kerning)}<")
    return ("".join(shown) + ">").removesuffix("<>")


def _meant(text, item, string, at):
    """The characters that the glyph stands for."""
    clusters, last = string.log_clusters, string.num_glyphs - 1
    if item.analysis.level % 2:  # from right to left
        end = item.length if at == 0 else clusters[at - 1]
    else:
        end = item.length if at == last else clusters[at + 1]
    return text.encode()[item.offset + clusters[at] : item.offset + end].decode()


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
    (draw.text, "draw_first_line", _draw_first_line),
)
ORIGINAL = tuple((owner, name, getattr(owner, name)) for owner, name, _ in REPLACED)
for _owner, _name, _ours in REPLACED:
    setattr(_owner, _name, _ours)
