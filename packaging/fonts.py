"""Build the family TCPlan Sans from Inter, as Debian's package fonts-inter installs it.

    python packaging/fonts.py [FOLDER WITH Inter-Regular.otf ...]

The family has its own name so that an installed Inter cannot take its place, and its digits are tabular in
the character map itself: digits chosen by a font feature lose their text in a PDF.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/opentype/inter")
TARGET = Path(__file__).resolve().parent.parent / "resources" / "tcplan_resources" / "fonts"

FAMILY = "TCPlan Sans"
STYLES = ("Regular", "Italic", "Medium", "SemiBold", "Bold")
RIBBI = ("Regular", "Italic", "Bold")

DIGITS = range(0x30, 0x3A)
TABULATOR, EM_SPACE = 0x09, 0x2003
CHARACTERS = [
    TABULATOR,
    *range(0x20, 0x7F),  # ASCII
    *range(0xA0, 0x180),  # Latin-1, Latin Extended-A
    *range(0x218, 0x21C),  # Romanian commas
    *range(0x2B0, 0x370),  # modifier letters, combining marks
    *range(0x370, 0x400),  # Greek
    *range(0x2000, 0x20C0),  # spaces, punctuation, superscripts, subscripts, currencies
    *range(0x2100, 0x2190),  # letterlike symbols, fractions
    *range(0x2190, 0x2400),  # arrows, operators, key caps
    *range(0x2460, 0x2474),  # circled digits, for notes
    *range(0x25A0, 0x2800),  # shapes, symbols, check marks
]
# Contextual alternates turn "->" into an arrow glyph without a Unicode entry, so they stay out.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]


def tabular(font: TTFont) -> dict[str, str]:
    """Return the substitutions of the feature tnum."""
    table = font["GSUB"].table
    lookups = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for index in record.Feature.LookupListIndex
    }
    substitutions: dict[str, str] = {}
    for index in sorted(lookups):
        for subtable in table.LookupList.Lookup[index].SubTable:
            substitutions |= getattr(subtable, "ExtSubTable", subtable).mapping
    return substitutions


def bake_digits(font: TTFont) -> None:
    """Point the ten digits of every character map to their tabular glyphs."""
    substitutions, proportional = tabular(font), font.getBestCmap()
    glyphs = {digit: substitutions[proportional[digit]] for digit in DIGITS}
    for cmap in font["cmap"].tables:
        cmap.cmap.update(glyphs)
    # Some of Inter's tabular digits differ by a thousandth of an em, which a column of large figures shows.
    width = max(font["hmtx"][glyph][0] for glyph in glyphs.values())
    for glyph in glyphs.values():
        font["hmtx"][glyph] = (width, font["hmtx"][glyph][1])


def bake_tabulator(font: TTFont) -> None:
    """Give the tabulator a glyph of its own.

    Qt shows it as a space where a font has none, and then writes every space of a PDF down as a tabulator.
    """
    for cmap in font["cmap"].tables:
        if EM_SPACE in cmap.cmap:
            cmap.cmap[TABULATOR] = cmap.cmap[EM_SPACE]


def cut(font: TTFont) -> None:
    """Leave only the characters that the application and the sheet use."""
    options = Options()
    options.layout_features = FEATURES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 8, 9, 11, 13, 14, 16, 17]
    options.notdef_outline = True
    options.hinting = False
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)


def rename(font: TTFont, style: str) -> None:
    """Give the font the family's name in the form that Windows, macOS and fontconfig each look for."""
    plain = style in RIBBI
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    full = f"{FAMILY} {style}"
    texts = {
        1: FAMILY if plain else full,
        2: style if plain else "Regular",
        3: f"{postscript}, from {font['name'].getDebugName(3)}",
        4: full,
        6: postscript,
        16: FAMILY,
        17: style,
    }
    for number, text in texts.items():
        font["name"].removeNames(nameID=number)
        font["name"].setName(text, number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [postscript]
    outlines.topDictIndex[0].FamilyName = FAMILY
    outlines.topDictIndex[0].FullName = full


def main() -> None:
    """Write every style of the family into the resources."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    for style in STYLES:
        font = TTFont(source / f"Inter-{style}.otf", recalcTimestamp=False)
        bake_digits(font)
        bake_tabulator(font)
        cut(font)
        rename(font, style)
        path = TARGET / f"TCPlanSans-{style}.otf"
        font.save(path)
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
