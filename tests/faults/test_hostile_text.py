"""Words of strangers through every text of a plan into every format of the sheet: shown as written."""

import csv
import datetime
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import replace
from html.parser import HTMLParser
from itertools import cycle, islice, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tcplan import cli
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import shipped
from tcplan.estimate import Estimate, as_saved, evaluate
from tcplan.examples import example
from tcplan.plan.document import Document
from tcplan.plan.file import load, read_bytes, to_bytes
from tcplan.report.blocks import Printout
from tcplan.report.case import Case
from tcplan.report.comma_separated import comma_separated
from tcplan.report.html import html
from tcplan.report.latex import latex
from tcplan.report.markdown import markdown
from tcplan.report.templates.registry import ONE_PAGE, TEMPLATES
from tcplan.report.workbook import workbook
from tcplan.validation.on_paper import sureness_of

SEEDS = (
    *("<b>bold</b>", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "</title><h1>x"),
    *("<!--", "-->", "a & b < c > d", "&amp;", "&lt;b&gt;", "&#60;", "\"><i>", "' onmouseover='x"),
    *("javascript:alert(1)", "=cmd|' /C calc'!A0", "=1+1", "+1+1", "-1+1", "@SUM(A1)", "{=1+1}"),
    *("=HYPERLINK(\"http://x\")", "\\=1", "http://example.org/x", "https://a.b?c=d&e"),
    *("www.example.org", "mailto:a@b.c", "file:///etc/passwd", "{{7*7}}", "${7*7}", "#{7*7}"),
    *("#read(\"/etc/passwd\")", "{% raw %}", "<%= 7 %>", "%s%n", "{0}", "{title}"),
    *("\\input{/etc/passwd}", "\\write18{ls}", "$x^2$", "a_b^c~d#e%f", "[3cm] x", "* star"),
    *("``quoted''", "--a---b", "# heading", "- item", "1. item", "=====", "---", "> quote", "```"),
    *("~~~", "|a|b|", "![i](x)", "[l](x)", "*i*", "../../etc/passwd", "C:\\CON", "x" * 400),
    *("long " * 90, "\u202eRTL", "مرحبا", "שלום", "中文", "😀", "é", "\u200b", "\u2028", "ﬁ"),
    *("\u202etxt.exe", "a\xa0b", "__import__('os').system('x')", "!!python/object", "\ufeffx"),
)  # fmt: skip


def payloads() -> Iterator[str]:
    """Yield 200 texts: the seeds, then pairs of them."""
    turns = cycle(SEEDS[7:])
    return islice((*SEEDS, *(f"{one} {next(turns)}"[:400] for one in (*SEEDS, *SEEDS))), 200)


PAYLOADS = tuple(payloads())
DATE = datetime.date(2026, 11, 24)


def hostile(words: Iterator[str]) -> tuple[Document, Estimate]:
    """Return a plan whose every text comes from a stranger, read back from its file."""
    plain = example("gpt3-175b").with_value("money.total", 5e6)
    whole = as_saved(plain, evaluate(plain.plan), datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC))

    def row(one: Row) -> Row:
        values = {
            column: value if isinstance(value, float) or _chosen(one, column) else next(words)
            for column, value in one.values.items()
        }
        return replace(one, values=values, source=next(words), date=one.date)

    rows = tuple(row(one) for one in whole.rows)
    document = replace(whole.with_words(title=next(words), author=next(words), remark=next(words)), rows=rows)
    for path in ("training.tokens", "hardware.devices", "money.total", "time.run", "site.wue", "odd.path"):
        document = document.with_note(path, next(words))
    document = read_bytes(to_bytes(document))
    return document, evaluate(document.plan, shipped().with_rows(document.rows))


def _chosen(row: Row, column: str) -> bool:
    """Return whether a column holds keys that the plan needs."""
    keys = ("generation", "accelerator", "way", "iso3", "country", "continent")
    return row.table == "models" or column in keys


def printed(document: Document, estimate: Estimate, template: str = ONE_PAGE) -> Printout:
    return TEMPLATES[template].make(Case(document, estimate, DATE, "Base", sureness_of))


@pytest.fixture(scope="module")
def sheets() -> list[tuple[Document, Estimate, Printout]]:
    """Return sheets of every template that hold each of the 200 texts in some place."""
    words = cycle(PAYLOADS)
    templates = cycle(TEMPLATES)
    made = []
    for _turn in range(12):
        document, estimate = hostile(words)
        made.append((document, estimate, printed(document, estimate, next(templates))))
    return made


def plain_sheets() -> list[tuple[Estimate, Printout]]:
    """Return sheets of every template of a plan without a stranger's words."""
    plain = example("gpt3-175b").with_note("training.tokens", "n").with_words(remark="r", author="a")
    estimate = evaluate(plain.plan)
    return [(estimate, printed(plain, estimate, name)) for name in TEMPLATES]


def texts_of(document: Document, sheet: Printout) -> list[str]:
    """Return the strangers' texts that a sheet shows."""
    texts = [document.title, document.author, *document.remark.split("\n")]
    if sheet.one_page is not None:
        texts += [document.notes[path] for path in ("training.tokens", "hardware.devices", "money.total")]
    return [" ".join(text.split()) for text in texts]


class _Read(HTMLParser):
    """What a browser makes of a page: its tags with their attributes, and its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {f"{tag} {name}" for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _page(text: str) -> _Read:
    page = _Read()
    page.feed(text)
    page.close()
    return page


def test_html_holds_no_tag_but_ours(sheets: list[tuple[Document, Estimate, Printout]]) -> None:
    """Fails when one text of a plan reaches the page without being escaped."""
    ours = _page("".join(html(sheet) for _estimate, sheet in plain_sheets()))
    for document, _estimate, sheet in sheets:
        page = _page(html(sheet))
        assert page.tags <= ours.tags
        assert page.attributes <= ours.attributes
        shown = " ".join(" ".join(page.words).split())
        for text in texts_of(document, sheet):
            assert text in shown


def test_markdown_marks_nothing_of_a_stranger(sheets: list[tuple[Document, Estimate, Printout]]) -> None:
    """Fails when a title becomes a heading, a link, a table cell or HTML."""
    special = re.compile(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#|&$~@]|(?<!\\):(?=//)")
    for document, _estimate, sheet in sheets:
        lines = markdown(sheet).split("\n")
        for line in lines:
            bare = re.sub(r"^(?:#+ |- |\| ?)|^\*\*|\*\* | \| | \|$|^\| --- .*", " ", line)
            if not line.startswith(("**", "|", "#")):
                assert not special.search(bare), line
        shown = " ".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line) for line in lines)
        for text in texts_of(document, sheet):
            assert text in shown
        for head, rule in pairwise(lines):
            if rule.startswith("| ---"):
                assert re.sub(r"\\.", "", head).count("|") == rule.count("|")


def test_latex_runs_no_command_of_a_stranger(sheets: list[tuple[Document, Estimate, Printout]]) -> None:
    """Fails when a backslash, a dollar or a bracket of a title reaches LaTeX."""
    command = re.compile(r"\\(?:[a-zA-Z]+|.)")
    ours = {found for _estimate, sheet in plain_sheets() for found in command.findall(latex(sheet))}
    ours |= {rf"\{letter}" for letter in "{}$&#%_,"}
    ours |= {r"\textbackslash", r"\textasciicircum", r"\textasciitilde", r"\ldots", r"\ensuremath"}
    for _document, _estimate, sheet in sheets:
        text = latex(sheet)
        assert set(command.findall(text)) <= ours
        bare = re.sub(r"\\[{}$&#%_]", "", text)
        assert "$" not in bare
        assert "#" not in bare
        assert bare.count("{") == bare.count("}")
        assert not re.search(r"\\\\\s*[\[*]", text)


def test_a_workbook_computes_nothing_of_a_stranger(sheets: list[tuple[Document, Estimate, Printout]]) -> None:
    """Fails when a title that begins with = is computed by whoever opens the workbook."""
    ours = re.compile(r"'Model'!|m\.\w+(?:\.\d+)?|[BD](?=\$)|[A-Z]+(?=\()|[-+*/^=<>(),.0-9E$]")
    for document, estimate, sheet in sheets:
        with zipfile.ZipFile(io.BytesIO(workbook(sheet, estimate))) as book:
            parts = {name: ElementTree.fromstring(book.read(name)) for name in book.namelist()}
        pages = [part for name, part in parts.items() if "worksheets/sheet" in name]
        assert len(pages) == 3
        for page in pages:
            names = {element.tag.rpartition("}")[2] for element in page.iter()}
            assert not names & {"hyperlink", "hyperlinks"}
            formulas = [str(one.text) for one in page.iter() if one.tag.endswith("}f")]
            assert [text for text in formulas if ours.sub("", text)] == []
        shown = [" ".join("".join(one.itertext()).split()) for one in parts["xl/sharedStrings.xml"]]
        for text in texts_of(document, sheet)[2:]:
            assert any(text in one for one in shown)


def test_a_table_of_a_sheet_holds_no_text_that_is_computed(
    sheets: list[tuple[Document, Estimate, Printout]],
) -> None:
    """Fails when a cell of the CSV begins with what a spreadsheet takes for a formula."""
    for document, _estimate, sheet in sheets:
        cells = [cell for row in csv.reader(io.StringIO(comma_separated(sheet))) for cell in row]
        for cell in cells:
            assert not cell.startswith(("=", "+", "@", "\t", "\r")) or _is_number(cell), cell
            assert not cell.startswith("-") or _is_number(cell), cell
        shown = " ".join(" ".join(cells).split())
        for text in texts_of(document, sheet):
            assert text in shown


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_csv_holds_no_text_that_a_table_would_compute(
    sheets: list[tuple[Document, Estimate, Printout]], tmp_path: Path
) -> None:
    """Fails when a text of a plan gets into the table of results, where = + - @ begin a formula."""
    for document, _estimate, _sheet in sheets[:3]:
        place = tmp_path / "plan.tcplan"
        place.write_bytes(to_bytes(document))
        out = io.StringIO()
        with redirect_stdout(out):
            cli.main(["evaluate", str(place), "--csv"])
        for path, value, unit in list(csv.reader(io.StringIO(out.getvalue())))[1:]:
            assert re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", path)
            float(value)
            assert not unit.startswith(("=", "+", "-", "@"))


def test_opening_two_hundred_strange_files_starts_nothing(tmp_path: Path) -> None:
    """Fails when what a file says is ever run, imported, unpickled or looked for on a network."""
    words = cycle(PAYLOADS)
    places = []
    for number in range(10):
        document, _estimate = hostile(words)
        places.append(tmp_path / f"{number}.tcplan")
        places[-1].write_bytes(to_bytes(document))
    for number, text in enumerate(islice(cycle(PAYLOADS), 190)):
        tree = json.loads(places[number % 10].read_bytes()) | {"title": text, text[:50]: text}
        places.append(tmp_path / f"strange {number}.tcplan")
        places[-1].write_text(json.dumps(tree), encoding="utf-8")
    seen: list[tuple[str, tuple[object, ...]]] = []
    watching = [True]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching[0]:
            seen.append((event, arguments))

    for place in (places[0], places[-1]):
        # What the first use of a module imports is no matter here.
        with suppress(ValueError):
            load(place)
    sys.addaudithook(watch)
    opened = 0
    try:
        for place in places:
            try:
                document = load(place).document
            except ValueError:
                continue
            evaluate(document.plan, shipped().with_rows(document.rows))
            opened += 1
    finally:
        watching[0] = False
    assert opened == 10
    forbidden = (
        "socket",
        "subprocess",
        "os.system",
        "os.exec",
        "os.fork",
        "os.posix_spawn",
        "pickle",
        "exec",
    )
    assert [event for event, _arguments in seen if event.startswith((*forbidden, "compile", "import"))] == []
    names = {str(arguments[0]) for event, arguments in seen if event == "open"}
    assert names <= {str(place) for place in places}
