"""What axe, the accessibility checker, says about a page."""

from typing import Any

from axe_playwright_python.async_playwright import Axe  # pyright: ignore[reportMissingTypeStubs]
from playwright.async_api import Page


async def violations(page: Page) -> list[tuple[str, str]]:
    """Return what axe has against a page: the rule, and the first element that breaks it."""
    found: Any = await Axe().run(page)  # pyright: ignore[reportUnknownMemberType] -- it has no stubs
    return [(bad["id"], bad["nodes"][0]["html"]) for bad in found.response["violations"]]
