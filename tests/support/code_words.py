"""The words of the code: names and the words of its texts, without docstrings and comments."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from support.shown_commands import ROOT

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BESIDE = ["db/schema.sql", "ebay/**/*.json", "dashboard/**/*.html"]
DEFINED: dict[type[ast.AST], str] = {
    ast.FunctionDef: "name",
    ast.AsyncFunctionDef: "name",
    ast.ClassDef: "name",
}
USED: dict[type[ast.AST], str] = {
    ast.Name: "id",
    ast.Attribute: "attr",
    ast.arg: "arg",
    ast.keyword: "arg",
}


@cache
def words(module: Path) -> frozenset[str]:
    """Return the words of a module, of what it defines and what it uses."""
    used = (str(getattr(node, USED[type(node)])) for node in nodes(module) if type(node) in USED)
    return defined(module).union(used)


@cache
def defined(module: Path) -> frozenset[str]:
    """Return what a module defines: functions, classes, variables, fields, the words of texts."""
    return frozenset(_defined(nodes(module)))


@cache
def nodes(module: Path) -> tuple[ast.AST, ...]:
    """Return the syntax of a module, node by node."""
    return tuple(ast.walk(ast.parse(module.read_text())))


def _defined(syntax: tuple[ast.AST, ...]) -> Iterator[str]:
    docstrings = {id(node.value) for node in syntax if isinstance(node, ast.Expr)}
    for node in syntax:
        if attribute := DEFINED.get(type(node)):
            yield str(getattr(node, attribute))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from WORD.findall(node.value) if id(node) not in docstrings else ()


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
    """Return what is defined in each module or folder of this name, or with such a class."""
    return tuple(
        defined(path)
        for path in modules()
        if name in {path.stem, path.parent.name} or f"class {name}" in path.read_text()
    )
