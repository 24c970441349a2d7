"""Turn templates into answers: escaped, under a strict policy, whole or the part asked for."""

from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import cast

from anyio import to_thread
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from baysync.base import clock
from baysync.base.segment import segment
from baysync.dashboard import words
from baysync.dashboard.fields import shown
from baysync.projection.diff import variant

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "HX-Request",
}


# A seller's own HTML: styled as a buyer sees it, of no origin, and alone with what it brings.
ALONE = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


def alone(html: str, *, pictures: bool) -> HTMLResponse:
    """Return somebody's HTML as a page that can do nothing; with ``pictures`` it loads them."""
    policy = ALONE.format(pictures="data: https:" if pictures else "data:")
    headers = {**HEADERS, "Content-Security-Policy": policy}
    return HTMLResponse(f"<!doctype html><meta charset=utf-8>{html}", headers=headers)


def environment() -> Environment:
    """Return the templates with their words; a name that a page was not given is an error."""
    env = Environment(
        loader=PackageLoader("baysync.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "coded": words.coded,
        "num": words.number,
        "seg": segment,
        "shown": shown,
        "span": words.span,
        "spoken": words.spoken,
        "tone": words.tone,
    }
    known = cast("dict[str, object]", env.globals)
    known["variant"] = variant
    known["version"] = version("baysync")
    known["has_assets"] = (STATIC / "vendor" / "stamp").exists()
    return env


class Pages:
    """The templates of one server."""

    def __init__(self) -> None:
        self._env = environment()

    async def render(
        self,
        request: Request,
        name: str,
        *,
        part: str | None = None,
        status: int = 200,
        **values: object,
    ) -> HTMLResponse:
        """Return page ``name``, or only its ``part`` where htmx asks for a refresh.

        Others get their turn meanwhile: a page may be of any length.
        """
        headers = request.headers
        refresh = (
            headers.get("hx-request") == "true" and "hx-history-restore-request" not in headers
        )
        template = self._env.get_template(part if part and refresh else name)
        ago = partial(words.ago, now=clock.now())
        html = await to_thread.run_sync(
            partial(template.render, path=request.url.path, ago=ago, **values)
        )
        return HTMLResponse(html, status, HEADERS)
