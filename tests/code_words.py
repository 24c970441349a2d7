"""The words of the code: names and the words of its texts, without docstrings and comments."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shown_commands import ROOT

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BESIDE = ["db/schema.sql", "ebay/**/*.json", "dashboard/**/*.html"]
NAMED: dict[type[ast.AST], str] = {
    ast.Name: "id",
    ast.Attribute: "attr",
    ast.arg: "arg",
    ast.keyword: "arg",
    ast.FunctionDef: "name",
    ast.AsyncFunctionDef: "name",
    ast.ClassDef: "name",
}


@cache
def words(module: Path) -> frozenset[str]:
    """Return the words of a module."""
    return frozenset(_words(ast.parse(module.read_text())))


def _words(tree: ast.Module) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    said = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if attribute := NAMED.get(type(node)):
            yield str(getattr(node, attribute))
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        ):
            yield from WORD.findall(node.value)


@cache
def modules() -> tuple[Path, ...]:
    """Return the modules of both programs, without the migrations: these name what was."""
    return tuple(path for path in ROOT.glob("src/**/*.py") if "migrations" not in path.parts)


@cache
def vocabulary() -> frozenset[str]:
    """Return every word of the programs, their schema and their data."""
    beside = [
        *(path for at in BESIDE for path in ROOT.glob(f"src/baysync/{at}")),
        ROOT / "src/mockbay/ebay_calls.csv",
    ]
    texts = (WORD.findall(path.read_text()) for path in beside)
    return frozenset[str]().union(*map(words, modules()), *texts)


@cache
def owners(name: str) -> tuple[frozenset[str], ...]:
    """Return the words of each module or folder of this name, and of each that has such a class."""
    return tuple(
        words(path)
        for path in modules()
        if name in {path.stem, path.parent.name} or f"class {name}" in path.read_text()
    )
