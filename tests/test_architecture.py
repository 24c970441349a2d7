"""ARCHITECTURE.md shows the folders as they are."""

import ast
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "ARCHITECTURE.md"
TABLE = re.compile(r"(<!-- folders:.*?-->\n).*?(<!-- end of folders -->)", re.DOTALL)


def floors() -> list[list[str]]:
    """Return the packages of each floor, the lowest first, as the import contract names them."""
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    layers: list[str] = next(c["layers"] for c in contracts if c["id"] == "floors")
    return [layer.split(" | ") for layer in reversed(layers)]


def purpose(name: str) -> tuple[str, str]:
    """Return how a package is written and what its docstring says."""
    folder = ROOT / "src" / "baysync" / name
    path, shown = (
        (folder / "__init__.py", f"{name}/")
        if folder.is_dir()
        else (folder.with_suffix(".py"), f"{name}.py")
    )
    said = ast.get_docstring(ast.parse(path.read_text())) or ""
    return shown, " ".join(said.split("\n\n", 1)[0].split())


def table() -> str:
    """Return the Markdown table of all folders."""
    rows = [purpose(name) for floor in floors() for name in floor]
    lines = [f"| `{shown}` | {said} |" for shown, said in rows]
    mock = ast.get_docstring(ast.parse((ROOT / "src/mockbay/__init__.py").read_text())) or ""
    lines.append(f"| `mockbay/` | {' '.join(mock.split(chr(10) * 2, 1)[0].split())} |")
    return "\n".join(["| folder | what it holds |", "|---|---|", *lines]) + "\n"


def test_the_committed_table_of_folders_is_the_real_one(
    golden: Callable[[Path, str], None],
) -> None:
    page = PAGE.read_text()
    golden(PAGE, TABLE.sub(lambda found: found[1] + table() + found[2], page))
    assert "| `queue/` |" in PAGE.read_text()


def test_commands_print_through_one_door() -> None:
    doors = {"cli/terminal/output.py", "cli/terminal/progress.py", "demo/screen.py"}
    package = ROOT / "src" / "baysync"
    writers = {
        str(path.relative_to(package))
        for folder in ("cli", "demo")
        for path in (package / folder).rglob("*.py")
        if re.search(r"\bConsole\(|sys\.stdout\.write|\bprint\(", path.read_text())
    }
    assert writers == doors
