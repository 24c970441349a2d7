"""Work that grows with what a stranger sent: beside the event loop, once it is long.

A thread cannot be ended, so what it is given is bounded: a body of 4 MiB, a batch of 1,000. Work
on it grows with its length alone (``tests/pure/test_growth.py``), and takes a second or two.
"""

from collections.abc import Callable
from typing import TypeVar

from anyio import to_thread

SHORT = 1 << 16  # bytes that are worked on sooner than a thread takes them over
Result = TypeVar("Result")


async def work_on(raw: bytes, work: Callable[[bytes], Result]) -> Result:
    """Return ``work(raw)``; others get their turn meanwhile, unless it is short."""
    return work(raw) if len(raw) <= SHORT else await to_thread.run_sync(work, raw)
