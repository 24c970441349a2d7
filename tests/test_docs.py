"""The pages say what is so: links lead somewhere, commands exist, tables and examples are real."""

import ast
import re
import shlex
from collections.abc import Callable, Iterator
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import pytest
from psycopg import connect
from typer.main import get_command

from baysync.cli.main import app as baysync
from baysync.config import settings
from baysync.listing.formats import plain_columns
from mockbay.cli import app as mockbay

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OPERATE, IMPORT = ROOT / "docs/operate.md", ROOT / "docs/import.md"
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1", re.DOTALL | re.MULTILINE)
SHELL = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`((?:\./run )?(?:baysync|mockbay) [a-z][^`\n]*)`")
HINT = re.compile(r": ((?:baysync|mockbay) (?!does )[a-z]+ [a-z][^`\n;)]*)")
WORDS = re.compile(r"(?:\./run )?\b(baysync|mockbay) ([a-z].*)")
MANY = 99
PROGRAMS = {"baysync": get_command(baysync), "mockbay": get_command(mockbay)}


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


def said(text: str) -> Iterator[str]:
    """Yield the command lines in a text: of its shell blocks, and those between backticks."""
    for block in SHELL.findall(text):
        for line in block.splitlines():
            yield line.removeprefix("$ ").split("  #")[0]
    yield from SPAN.findall(CODE.sub("", text))


def in_code(path: Path) -> Iterator[str]:
    """Yield the command lines in a module's texts: between backticks, after a colon, in a fix."""
    for node in ast.walk(ast.parse(path.read_text())):
        if text := text_of(node):
            yield from SPAN.findall(text)
            yield from HINT.findall(text)
        if isinstance(node, ast.keyword) and node.arg == "fix":
            yield from HINT.findall(f"fix: {text_of(node.value)}")


def text_of(node: ast.AST) -> str:
    """Return the text of a literal, with X for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "X" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def commands() -> list[tuple[str, str]]:
    """Return every command line of our programs with the page or module that shows it."""
    shown = [(page, line) for page in PAGES for line in said(page.read_text())]
    shown += [(path, line) for path in ROOT.glob("src/**/*.py") for line in in_code(path)]
    found = ((path, WORDS.search(line)) for path, line in shown)
    return sorted({(relative(path), match[0]) for path, match in found if match})


def wrong(line: str) -> str | None:
    """Return the first word of a command line that has no place, None if all of them do."""
    match = WORDS.search(line)
    assert match
    command: Any = PROGRAMS[match[1]]
    words = words_of(match[2])
    while hasattr(command, "get_command") and words and not words[0].startswith("--"):
        first = words.pop(0).split("|")
        found = [command.get_command(None, name) for name in first]
        if None in found:
            return first[-1]
        command = found[0]
    return misplaced(command, words)


def misplaced(command: Any, words: list[str]) -> str | None:  # noqa: ANN401 - no types there
    """Return the first option or argument that a command does not take."""
    taken = {name: not o.is_flag for o in command.params if o.param_type_name == "option"
             for name in (*o.opts, *o.secondary_opts)}  # fmt: skip
    places = sum(o.nargs if o.nargs > 0 else MANY for o in command.params
                 if o.param_type_name == "argument")  # fmt: skip
    queue = iter(words)
    for word in queue:
        name, _, value = word.partition("=")
        if not name.startswith("--"):
            places -= 1
        elif name not in {"--help", *taken}:
            return word
        elif taken.get(name) and not value:
            next(queue, None)
        if places < 0:
            return word
    return None


def words_of(line: str) -> list[str]:
    """Return the words of a command up to a redirection or pipe."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        words = line.split()
    return list(takewhile(lambda word: word not in {">", "|", "<", "&&", "…"}, words))


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
    names: dict[str, list[str]] = {}
    for alias, name in plain_columns.COLUMNS.items():
        names.setdefault(name, []).append(alias)
    rows = [
        f"| `{name.replace(' ', '_')}` | {', '.join(alias for alias in aliases if alias != name)} |"
        for name, aliases in names.items()
    ]
    return "\n".join(["| field | also called |", "|---|---|", *rows]) + "\n"


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
    ],
)
def test_a_command_that_does_not_exist_is_noticed(line: str) -> None:
    assert wrong(line), line


def test_the_committed_table_of_settings_is_the_real_one(
    golden: Callable[[Path, str], None],
) -> None:
    golden(OPERATE, between(OPERATE.read_text(), "settings", settings_table()))
    assert "| `BAYSYNC_LEASE` | `120s` |" in OPERATE.read_text()


def test_the_committed_table_of_columns_is_the_real_one(
    golden: Callable[[Path, str], None],
) -> None:
    golden(IMPORT, between(IMPORT.read_text(), "columns", columns_table()))
    assert "artikelnummer" in IMPORT.read_text()


def test_the_page_on_python_shows_what_runs(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs/python.md").read_text()
    (example,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    monkeypatch.setenv("DATABASE_URL", database)
    exec(compile(example, "docs/python.md", "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out.startswith("['LAMP-1']\nThe listing 'LAMP-2' cannot be stored")
    with connect(database) as connection:
        assert connection.execute("SELECT sku FROM listing").fetchall() == [("LAMP-1",)]
