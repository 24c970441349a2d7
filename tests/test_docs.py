"""The pages say what is so: links lead somewhere, commands exist, tables and examples are real."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from psycopg import connect

from baysync.config import settings
from baysync.files import header_words
from baysync.telemetry import names
from support.sentences import LONGEST, sentences
from support.shown_commands import CODE, PAGES, ROOT, commands, in_text, wrong

OPERATE, IMPORT = ROOT / "docs/how-to/operate.md", ROOT / "docs/how-to/import.md"
VERSION = re.compile(r"\d+\.\d+\.\d+ \((?:unreleased|\d{4}-\d\d-\d\d)\)")
KINDS_OF_CHANGE = ("Added", "Changed", "Fixed", "Security")
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")


def relative(page: Path) -> str:
    return str(page.relative_to(ROOT))


def links() -> list[tuple[str, str]]:
    """Return every relative link with its page."""
    found = [
        (page, link) for page in PAGES for link in LINK.findall(CODE.sub("", page.read_text()))
    ]
    return [(relative(page), link) for page, link in found if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def settings_table() -> str:
    """Return the table of settings from the class that reads them."""
    tree = ast.parse(Path(settings.__file__).read_text())
    (body,) = (n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Settings")
    rows = ["| name | default | what it does |", "|---|---|---|"]
    for name, says in pairwise(body):
        if isinstance(name, ast.AnnAssign) and isinstance(name.target, ast.Name):
            assert isinstance(says, ast.Expr), f"{name.target.id} says nothing"
            assert isinstance(says.value, ast.Constant)
            rows.append(setting_row(name.target.id, str(says.value.value)))
    return "\n".join(rows) + "\n"


def setting_row(name: str, says: str) -> str:
    field = settings.Settings.model_fields[name]
    alias = field.validation_alias
    choices: list[object] = list(getattr(alias, "choices", [alias] if alias else []))
    names = sorted(map(str, choices)) or [settings.PREFIX + name.upper()]
    default = field.default
    if hasattr(default, "total_seconds"):
        default = spell(default.total_seconds())
    shown = "" if field.default_factory or default is None else f"`{str(default).lower()}`"
    if name == "home":
        shown = "`~/.local/share/baysync`, for root `/var/lib/baysync`"
    return f"| {' or '.join(f'`{n}`' for n in names)} | {shown} | {says} |"


def spell(seconds: float) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours:.0f}h" if hours and not rest else f"{seconds:.0f}s"


def columns_table() -> str:
    """Return the table of columns from the format that reads them."""
    rows = [
        f"| `{name.replace(' ', '_')}` | {', '.join(words(name, languages))} |"
        for name, languages in header_words.WORDS.items()
    ]
    return "\n".join(["| field | also called |", "|---|---|", *rows]) + "\n"


def words(name: str, languages: Mapping[str, str]) -> Iterator[str]:
    yield from map(quoted, header_words.aliases(languages))
    weak = {"sku": header_words.WEAK_SKU, "price": header_words.WEAK_PRICE}
    if name in weak:
        weaker = ", ".join(map(quoted, header_words.aliases(weak[name])))
        yield f"and where there is none of these: {weaker}"


def quoted(name: str) -> str:
    return f"`{name}`"


def metrics_table() -> str:
    """Return the table of metrics from the names that the program counts by."""
    rows = [
        f"| `{metric.name}` | `{metric.prometheus}{{{_label(metric)}}}` | {metric.says} |".replace(
            "{}", ""
        )
        for metric in names.ALL
    ]
    return "\n".join(["| in JSON | for Prometheus | what it is |", "|---|---|---|", *rows]) + "\n"


def _label(metric: names.Metric) -> str:
    return metric.label or ("result" if metric.family else "")


def between(page: str, word: str, text: str) -> str:
    marked = re.compile(rf"(<!-- {word}:.*?-->\n).*?(<!-- end of {word} -->)", re.DOTALL)
    assert marked.search(page), f"no marks for {word}"
    return marked.sub(lambda found: found[1] + text + found[2], page)


@pytest.mark.parametrize(("page", "link"), links())
def test_a_link_leads_somewhere(page: str, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    assert target.exists(), f"{page}: {link}"
    assert not anchor or anchor in anchors(target), f"{page}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_a_sentence_has_at_most_25_words(page: Path) -> None:
    assert [found for found in sentences(page.read_text()) if found.words > LONGEST] == []


@pytest.mark.parametrize(("where", "line"), commands())
def test_a_command_that_is_shown_exists(where: str, line: str) -> None:
    assert wrong(line) is None, f"{where}: {line}"


@pytest.mark.parametrize(
    "line",
    [
        "baysync listing import x",
        "./run baysync up --prot 1",
        "baysync queue list|gone",
        "baysync up now",
        "baysync accounts defaults --set currency=EUR",
        "baysync listings list --limit many",
        "`accounts defaults --set currency=`",
    ],
)
def test_a_command_that_is_not_taken_is_noticed(line: str) -> None:
    (shown,) = in_text(line) if line.startswith("`") else (line,)
    assert wrong(shown), line


@pytest.mark.parametrize(
    "line",
    ["baysync queue list --limit X", "baysync db", "baysync accounts defaults", "baysync why X"],
)
def test_a_command_that_is_only_named_or_has_a_placeholder_is_taken(line: str) -> None:
    assert wrong(line) is None


def test_the_advice_about_errors_of_ebay_is_looked_through_too() -> None:
    assert ("src/baysync/ebay/errors.json", "baysync listings check SKU") in commands()


def test_the_committed_table_of_settings_is_the_real_one(
    golden: Callable[[Path, str], None],
) -> None:
    golden(OPERATE, between(OPERATE.read_text(), "settings", settings_table()))
    assert "| `BAYSYNC_LEASE` | `120s` |" in OPERATE.read_text()


def test_the_committed_table_of_metrics_is_the_real_one(
    golden: Callable[[Path, str], None],
) -> None:
    golden(OPERATE, between(OPERATE.read_text(), "metrics", metrics_table()))
    assert "| `light.lit` | `baysync_light_lit{cause}` |" in OPERATE.read_text()


def test_the_committed_table_of_columns_is_the_real_one(
    golden: Callable[[Path, str], None],
) -> None:
    golden(IMPORT, between(IMPORT.read_text(), "columns", columns_table()))
    assert "`artikelnummer`" in IMPORT.read_text()


def test_the_page_on_python_shows_what_runs(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs/how-to/python.md").read_text()
    (example,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    monkeypatch.setenv("DATABASE_URL", database)
    exec(compile(example, "docs/how-to/python.md", "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out.startswith("['LAMP-1']\nThe listing 'LAMP-2' cannot be stored")
    with connect(database) as connection:
        assert connection.execute("SELECT sku FROM listing").fetchall() == [("LAMP-1",)]


def test_the_vocabulary_has_each_word_once_with_one_sentence() -> None:
    page = (ROOT / "docs/reference/vocabulary.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `[^|]+` \|$", page, re.MULTILINE)
    words = [word for word, _ in rows]
    assert words == sorted(set(words), key=str.lower)
    assert [word for word, meaning in rows if len(sentences(meaning)) != 1] == []
    assert len(rows) == page.count("\n| ") - 1, "every row has a word, a meaning and a name"


def test_the_changelog_has_versions_with_kinds_of_change() -> None:
    page = (ROOT / "CHANGELOG.md").read_text()
    versions = re.split(r"^## (.+)$", page, flags=re.MULTILINE)[1:]
    assert [v for v in versions[::2] if not VERSION.fullmatch(v)] == []
    for version, entries in zip(versions[::2], versions[1::2], strict=True):
        kinds = re.findall(r"^### (.+)$", entries, re.MULTILINE)
        assert kinds == [kind for kind in KINDS_OF_CHANGE if kind in kinds], version
        assert not re.search(r"^\*\*.*\*\*$", entries, re.MULTILINE), (
            f"{version}: headings, not bold"
        )
    assert versions[-2].startswith("0.1.0")
    assert set(re.findall(r"^### (.+)$", versions[-1], re.MULTILINE)) == {"Added"}, "the first"
