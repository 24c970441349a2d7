"""Arrangements of the tests that read files of listings."""

import io
from pathlib import Path

from baysync.files import reading as files
from baysync.files.reading import FileFormat, Reading, Wishes
from baysync.listing.check import check
from baysync.listing.draft import Draft
from baysync.listing.model import Listing, Problem

DATA = Path(__file__).parents[1] / "data"


def unread(text: str | bytes) -> io.BytesIO:
    return io.BytesIO(text.encode() if isinstance(text, str) else text)


def reading(text: str | bytes, layout: FileFormat | None = None) -> Reading:
    return files.read(unread(text), Wishes(layout=layout))


def drafts(text: str | bytes, layout: FileFormat | None = None) -> list[Draft]:
    return list(reading(text, layout).drafts)


def one(text: str | bytes) -> Listing:
    (draft,) = drafts(text)
    assert draft.problems == ()
    listing = check(draft.document).listing
    assert listing
    return listing


def rules(problems: tuple[Problem, ...]) -> dict[str, str]:
    assert all(problem.fix for problem in problems)
    return {problem.pointer: problem.rule for problem in problems}
