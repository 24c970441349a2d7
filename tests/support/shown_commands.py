"""The command lines that pages, messages and advice show, and whether our programs take them."""

import ast
import json
import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from typer.main import get_command

from baysync.cli.main import COMMANDS
from baysync.cli.main import app as baysync
from mockbay.cli import app as mockbay

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
ADVICE = sorted(ROOT.glob("src/baysync/**/*.json"))
CODE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1", re.DOTALL | re.MULTILINE)
SHELL = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`((?:\./run )?(?:baysync|mockbay) [a-z][^`\n]*)`")
BARE = re.compile(rf"`((?:{'|'.join(COMMANDS)}) (?:[a-z]+ )?-[^`\n]*)`")  # without the program
HINT = re.compile(r": ((?:baysync|mockbay) (?!does )[a-z]+ [a-z][^`\n;)]*)")
START = re.compile(rf"(baysync (?:{'|'.join(COMMANDS)})\b[^`\n;)]*)")
WORDS = re.compile(r"(?:\./run )?\b(baysync|mockbay) ([a-z].*)")
PROGRAMS = {"baysync": get_command(baysync), "mockbay": get_command(mockbay)}
FILLED_IN = re.compile(r"X|\d*X\d*|[A-Z]+(?:[|,][A-Z]+)*")  # stands for what a person writes


def said(text: str) -> Iterator[str]:
    """Yield the command lines in a text: of its shell blocks, and those between backticks."""
    for block in SHELL.findall(text):
        for line in block.splitlines():
            yield line.removeprefix("$ ").split("  #")[0]
    yield from SPAN.findall(CODE.sub("", text))


def in_code(path: Path) -> Iterator[str]:
    """Yield the command lines in a module's texts: between backticks, after a colon, in a fix."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if id(node) not in parts and (text := text_of(node)):
            yield from in_text(text)
        if isinstance(node, ast.keyword) and node.arg == "fix":
            yield from HINT.findall(f"fix: {text_of(node.value)}")


def in_text(text: str, *, hints: bool = True) -> Iterator[str]:
    """Yield the command lines in one message or piece of advice; ``hints`` stand after a colon."""
    yield from SPAN.findall(text)
    yield from HINT.findall(text) if hints else ()
    yield from (f"baysync {line}" for line in BARE.findall(text))
    if begins := START.match(text):
        yield begins[1]


def in_json(path: Path) -> Iterator[str]:
    """Yield the command lines in a file of advice, of which sentences may begin with our name."""
    texts: list[str] = []

    def keep(pairs: list[tuple[str, Any]]) -> None:
        texts.extend(value for _, value in pairs if isinstance(value, str))

    json.loads(path.read_text(), object_pairs_hook=keep)
    for text in texts:
        yield from in_text(text, hints=False)


def text_of(node: ast.AST) -> str:
    """Return the text of a literal, with X for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "X" for part in node.values)
    if isinstance(node, ast.IfExp):
        return text_of(node.body)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def commands() -> list[tuple[str, str]]:
    """Return every command line of our programs with the page or module that shows it."""
    shown = [(page, line) for page in PAGES for line in said(page.read_text())]
    shown += [(path, line) for path in ROOT.glob("src/**/*.py") for line in in_code(path)]
    shown += [(path, line) for path in ADVICE for line in in_json(path)]
    found = ((path, WORDS.search(line)) for path, line in shown)
    return sorted({(str(path.relative_to(ROOT)), match[0]) for path, match in found if match})


def wrong(line: str) -> str | None:
    """Return what the program says against a command line; None if it takes it.

    A command that is only named, without any option or argument, need not be whole.
    """
    match = WORDS.search(line)
    assert match
    command: Any = PROGRAMS[match[1]]
    words = words_of(match[2])
    while hasattr(command, "get_command") and words and not words[0].startswith("--"):
        first = words.pop(0).split("|")
        found = [command.get_command(None, name) for name in first]
        if None in found:
            return f"no command {first[found.index(None)]}"
        command = found[0]
    return refused(command, words) if words else None


def refused(command: Any, words: list[str]) -> str | None:  # noqa: ANN401 - no types there
    """Return what the parser says against the options and arguments of one command."""
    if "--help" in words or "-h" in words:
        return None
    try:
        command.make_context("command", list(words), resilient_parsing=False)
    except Exception as error:  # noqa: BLE001 - Typer keeps its own copy of click's errors
        told: str = getattr(error, "format_message", lambda: "")() or repr(error)
        return None if excused(told, words) else told
    return None


def excused(told: str, words: list[str]) -> bool:
    """Tell whether a parser only minds a placeholder, as in ``--limit N``."""
    return told.startswith("Invalid value for") and any(
        FILLED_IN.fullmatch(word.partition("=")[2] or word) for word in words
    )


def words_of(line: str) -> list[str]:
    """Return the words of a command up to a redirection or pipe."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        words = line.split()
    own = takewhile(lambda word: word not in {">", "|", "<", "&&", "..."}, words)
    return ["X" if word == "…" else word for word in own]
