"""What axe, the accessibility checker, says about a page, and in which looks it is asked."""

from typing import Any

from axe_playwright_python.async_playwright import Axe  # pyright: ignore[reportMissingTypeStubs]
from playwright.async_api import Page, ViewportSize

WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
LOOKS = [("light", WIDE), ("dark", NARROW)]
"""Each color scheme and each width, once."""


async def violations(page: Page) -> list[tuple[str, str]]:
    """Return what axe has against a page: the rule, and the first element that breaks it."""
    found: Any = await Axe().run(page)  # pyright: ignore[reportUnknownMemberType] -- it has no stubs
    return [(bad["id"], bad["nodes"][0]["html"]) for bad in found.response["violations"]]
