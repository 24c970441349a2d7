"""The names of code that pages show between backticks, and whether the code has them."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pkgutil import resolve_name
from typing import Any

from baysync.api.app import description
from baysync.cli.accounts.connect import SECRET
from baysync.cli.main import COMMANDS
from baysync.config.settings import NOT_OURS, PREFIX, Settings
from baysync.telemetry import names as metrics
from mockbay.client import MockServer
from mockbay.control import CONTROLS
from mockbay.openapi import document
from support.code_words import defined, modules, owners, vocabulary
from support.shown_commands import CODE, PAGES, PROGRAMS, ROOT, wrong

ELSEWHERE = {ROOT / "CHANGELOG.md", ROOT / "docs/reference/mockbay-operations.md"}
"""Pages that name what was, and calls of eBay's that nobody here serves."""
EXAMPLES = {
    "artikel_nr": "a header of a shop's table",
    "test_shop.py": "a reader's own test",
    "became_group": "a reason of old, in a decision",
    "became_single": "a reason of old, in a decision",
    "no_account_default": "a reason of old, in a decision",
    "lamp.json": "a reader's own file",
    "products.csv": "a reader's own file",
    "--home FOLDER": "an option of bench/census.py",
}
COLUMNS = re.compile(r"<!-- columns:.*?<!-- end of columns -->", re.DOTALL)  # words of shops
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
COMPOUND = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+")
DOTTED = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")
CALL = re.compile(r"(?:await )?([A-Za-z]\w*(?:\.\w+)*)\(.*\)")
SETTING = re.compile(r"((?:BAYSYNC|EBAY)_[A-Z][A-Z_]*|DATABASE_URL)(?:=.*)?")
VARIABLES = {*NOT_OURS, SECRET}  # read beside the settings
FILE = re.compile(r"[\w./*-]+\.(?:py|md|toml|sql|html)|(?:src|tests|docs|bench)/[\w./*-]+|[a-z_]+/")
METHOD = "(?:GET|POST|PUT|PATCH|DELETE)"
ROUTE = re.compile(rf"({METHOD}(?:[|·]{METHOD})*) ([^\s{{]\S*)(?: .*)?")
PATH = re.compile(r"(/(?:api|_mock)/\S+)")
OPTION = re.compile(r"(--[a-z][a-z-]*)(?:[ =].*)?")
COMMAND = re.compile(rf"((?:{'|'.join(COMMANDS)}) [a-z]+)")
FOLDERS = ("", "src/", "src/baysync/", "src/mockbay/", "docs/*/")


def names() -> list[tuple[str, str]]:
    """Return each span that looks like code with its page."""
    pages = ((page, CODE.sub("", COLUMNS.sub("", page.read_text()))) for page in PAGES)
    spans = {
        (str(page.relative_to(ROOT)), span.replace("\\|", "|"))
        for page, text in pages
        if page not in ELSEWHERE
        for span in SPAN.findall(text)
    }
    return sorted((page, span) for page, span in spans if span not in EXAMPLES and kind(span))


def kind(span: str) -> str | None:
    """Return what a span names by its looks: the first that fits."""
    return next((name for name, (looks, _) in KINDS.items() if looks.fullmatch(span)), None)


def exists(span: str) -> bool:
    """Tell whether the code has what a span of some kind names."""
    looks, judge = KINDS[str(kind(span))]
    match = looks.fullmatch(span)
    assert match
    return judge(*(match.groups() or [match[0]]))


@cache
def settings() -> frozenset[str]:
    """Return the names of all settings and of the variables read beside them."""
    fields = Settings.model_fields
    aliases = (
        getattr(field.validation_alias, "choices", [field.validation_alias])
        for field in fields.values()
    )
    own = {PREFIX + name.upper() for name in fields}
    return frozenset(
        {*own, *VARIABLES, *(str(name) for group in aliases for name in group if name)}
    )


@cache
def options() -> frozenset[str]:
    """Return every option of both programs."""
    return frozenset(name for program in PROGRAMS.values() for name in _options(program))


def _options(command: Any) -> Iterator[str]:  # noqa: ANN401 - no types there
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
        yield from _options(command.get_command(None, name))
    yield "--help"


@cache
def routes() -> dict[str, set[str]]:
    """Return the methods of each path of both servers, with ``*`` for what is filled in."""
    mock = json.loads(document(tuple(CONTROLS)))["paths"]
    found: dict[str, set[str]] = {"/openapi.json": {"GET"}, "/_mock/openapi.json": {"GET"}}
    for path, calls in [*description()["paths"].items(), *mock.items()]:
        found.setdefault(_filled(path), set()).update(map(str.upper, calls))
    return found


def _filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "*", path)


def served(methods: str, address: str) -> bool:
    """Tell whether a server takes an address, below ``/_mock/`` if it begins without a slash."""
    path, _, query = address.partition("?")
    path = _filled(path if path.startswith(("/", "...")) else f"/_mock/{path}")
    taken = next((routes()[known] for known in routes() if _fits(path, known)), set[str]())
    asked = set(re.findall(r"(\w+)=", query))
    return set(re.split(r"[|·]", methods)) <= taken and asked <= vocabulary()


def _fits(path: str, known: str) -> bool:
    pattern = re.escape(known).replace(r"\*", "[^/]+")
    return re.fullmatch(pattern, path) is not None or (
        path.startswith("...") and known.endswith(path.removeprefix("..."))
    )


def addressed(path: str) -> bool:
    """Tell whether some method takes a path."""
    return any(_fits(path.partition("?")[0], known) for known in routes())


def stands(path: str) -> bool:
    """Tell whether a file or folder stands in the tree, under one of the folders or anywhere."""
    name = path.rstrip("/")
    return any(any(ROOT.glob(folder + name)) for folder in FOLDERS) or (
        "/" not in path and any(any(ROOT.glob(f"{top}/**/{name}")) for top in ("src", "tests"))
    )


def called(name: str) -> bool:
    """Tell whether a function exists: by its full path, of the fixture, or somewhere."""
    return dotted(name) if "." in name else hasattr(MockServer, name) or name in vocabulary()


def dotted(name: str) -> bool:
    """Tell whether a metric, a module's member or a path of fields has a name."""
    first, *rest = (word for word in name.split(".") if not word.isupper())  # NAME: filled in
    if name in {metric.name for metric in metrics.ALL}:
        return True
    if first in {"baysync", "mockbay"}:
        return _imported(name) or hasattr(MockServer, rest[0])
    if first == "intake":
        return _imported(f"baysync.{name}")
    return any(own.issuperset(rest) for own in owners(first)) or any(
        defined(module).issuperset([first, *rest]) for module in modules()
    )


def taken(command: str) -> bool:
    """Tell whether baysync takes a command that is named without its program."""
    return wrong(f"baysync {command}") is None


def named(name: str) -> bool:
    """Tell whether the code or Prometheus knows a word."""
    return name in vocabulary() or name in {metric.prometheus for metric in metrics.ALL}


def _imported(name: str) -> bool:
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


KINDS: dict[str, tuple[re.Pattern[str], Callable[..., bool]]] = {
    "setting": (SETTING, settings().__contains__),
    "option": (OPTION, options().__contains__),
    "route": (ROUTE, served),
    "address": (PATH, addressed),
    "file": (FILE, stands),
    "function": (CALL, called),
    "path": (DOTTED, dotted),
    "command": (COMMAND, taken),
    "name": (COMPOUND, named),
}
