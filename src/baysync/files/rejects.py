"""Rejected rows as a file of the same layout: correct them and import it."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from baysync.files.table import PROBLEM_COLUMNS
from baysync.files.write import line
from baysync.listing import lines
from baysync.listing.draft import Draft
from baysync.listing.model import Problem, Severity
from baysync.listing.strict_json import Malformed, parse


def head(header: Sequence[str]) -> str:
    """Return the first line of a table of rejects: its columns and two that say what is wrong."""
    return line((*header, *PROBLEM_COLUMNS)) if header else ""


def rows(draft: Draft, problems: Sequence[Problem], header: Sequence[str]) -> str:
    """Return the rows of a rejected draft; the first says what is wrong and how to mend it.

    The additions are ignored when the file is imported.
    """
    refused = [problem for problem in problems if problem.severity is Severity.REFUSE]
    if not header:
        return "".join(_line(str(text), refused) for text in draft.source)
    additions = ("; ".join(map(_worded, refused)), "; ".join(problem.fix for problem in refused))
    cells = [cast("Mapping[str, str]", row) for row in draft.source]
    return "".join(
        line((*(row.get(name, "") for name in header), *(additions if index == 0 else ())))
        for index, row in enumerate(cells)
    )


def _worded(problem: Problem) -> str:
    return f"{problem.pointer.removeprefix('/') or 'row'}: {problem.message}"


def _line(text: str, refused: Sequence[Problem]) -> str:
    try:
        value = parse(text)
    except Malformed:
        value = None
    fields = cast("dict[str, object]", value) if isinstance(value, dict) else {lines.BROKEN: text}
    messages = [f"{_worded(problem)}: {problem.fix}" for problem in refused]
    return json.dumps({**fields, lines.PROBLEMS: messages}, default=str) + "\n"
