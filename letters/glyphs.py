"""Glyphs go onto a page a line at a time. A part of kept.py, under the same conditions."""

import struct

from weasyprint.draw import text
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

GLYPHS = struct.Struct("=IiiiI")  # of Pango: number, width, offsets across and up, marks
NO_GLYPH = min(pango.PANGO_GLYPH_EMPTY, pango.PANGO_GLYPH_UNKNOWN_FLAG)  # and whatever is above


def draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix, whole=text.draw_first_line):
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


def _meant(said, item, string, at):
    """The characters that the glyph stands for."""
    clusters, last = string.log_clusters, string.num_glyphs - 1
    if item.analysis.level % 2:  # from right to left
        end = item.length if at == 0 else clusters[at - 1]
    else:
        end = item.length if at == last else clusters[at + 1]
    return said.encode()[item.offset + clusters[at] : item.offset + end].decode()
