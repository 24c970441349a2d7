"""The requests that the pages show are sent as they stand, and answered as they say."""

import asyncio
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from baysync.db.embedded.cluster import EmbeddedPostgres
from conftest import TEMPLATE
from support.api_site import site_on
from support.shown_commands import PAGES, ROOT, SHELL

ADDRESS = "http://127.0.0.1:8077"
EMPTY = "<!-- in an empty shop -->\n"  # before a block that is shown of one
FILE = re.compile(r"`(\w+\.json)`:\n\n```json\n(.*?)```", re.DOTALL)
LEFT_OUT = "…"


class Shown(NamedTuple):
    """A request and what its page says of the answer."""

    line: str
    answer: str


class Block(NamedTuple):
    """The requests of one block, the files that they read, and the database they are made in."""

    page: Path
    requests: list[Shown]
    files: dict[str, str]
    is_empty: bool


def blocks() -> Iterator[Block]:
    """Yield the blocks of all pages in which a request of ours is made."""
    for page in PAGES:
        text = page.read_text()
        for found in SHELL.finditer(text):
            shown = [Shown(*each) for each in typed(found[1])]
            requests = [
                each for each in shown if each.line.startswith("curl") and ADDRESS in each.line
            ]
            if requests:
                files = dict(FILE.findall(text))
                files |= {
                    each.line[4:]: each.answer for each in shown if each.line.startswith("cat ")
                }
                yield Block(page, requests, files, text[: found.start()].endswith(EMPTY))


def typed(block: str) -> Iterator[tuple[str, str]]:
    """Yield each line that is typed in a block with what it answers."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, answer = part.partition("\n")
        yield line.split("  #")[0], answer


def pattern(answer: str) -> re.Pattern[str]:
    """Return what an answer must match: spaces mean nothing, ``…`` stands for anything."""
    parts = re.sub(r"\s", "", answer).split(LEFT_OUT)
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


def name(block: Block) -> str:
    return f"{block.page.relative_to(ROOT)}: {block.requests[0].line.removeprefix('curl -s ')[:70]}"


async def sent(line: str, url: str, home: Path) -> str:
    """Run a line as it is shown, against a server of our own; return what it prints."""
    words = shlex.split(line.replace(ADDRESS, url))
    curl = await asyncio.create_subprocess_exec(
        *words, cwd=home, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, said = await curl.communicate()
    assert curl.returncode == 0, said.decode()
    return printed.decode()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the pages show curl")
@pytest.mark.parametrize("block", list(blocks()), ids=name)
async def test_requests_that_are_shown_are_answered_as_shown(
    block: Block, cluster: EmbeddedPostgres, stocked: str, tmp_path: Path
) -> None:
    for file, text in block.files.items():
        (tmp_path / file).write_text(text)
    database = f"shown_{uuid4().hex[:12]}"
    url = cluster.clone(TEMPLATE if block.is_empty else stocked, database)
    async with site_on(url) as site:
        await site.watch.look()
        for request in block.requests:
            printed = await sent(request.line, site.url, tmp_path)
            told = re.sub(r"\s", "", printed)
            assert pattern(request.answer).fullmatch(told), f"{request.line}\n{printed}"
    cluster.drop(database)
