"""The page at ``/``: what is going on in the mock, and buttons that make things happen.

HTML and forms without scripts. Each button is a control call; ``page_rows`` says what is shown.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

import msgspec
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mockbay import actors, page_rows
from mockbay.asked import Advance
from mockbay.control import Mock

NUMBERS = frozenset({"quantity", "ms"})
STEPS = (("+1 minute", 60_000), ("+1 hour", 3_600_000), ("+1 day", 86_400_000))
EXAMPLE = """{"rules": [{
  "match": {"op": "publishOffer"},
  "effects": [{"kind": "reset", "when": "after"}]
}]}"""
DONE: Mapping[str, tuple[str, str]] = {
    "buy": ("A buyer bought one.", "listings"),
    "seller-edit": ("The seller edited the listing on the site.", "listings"),
    "end-listing": ("The listing has ended.", "listings"),
    "hold": ("The listing is on hold.", "listings"),
    "unhold": ("The listing is free again.", "listings"),
    "cancel-order": ("The order is cancelled; no stock comes back.", "orders"),
    "token/revoke": ("The tokens of the seller are dead.", "accounts"),
    "token/expire": ("The access tokens of the seller have expired.", "accounts"),
    "advance": ("Time has passed.", ""),
    "add-faults": ("The rules are in force.", "faults"),
    "drop": ("The rule is gone; calls it kept go on.", "faults"),
    "clear-faults": ("No rule is left.", "faults"),
    "release": ("The calls go on.", "faults"),
}
"""What each button has done, and the section it belongs to."""

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True
)


async def show(mock: Mock, request: Request) -> Response:
    """Return the page."""
    done, _ = DONE.get(request.query_params.get("done", ""), ("", ""))
    return HTMLResponse(_page(mock, done=done))


async def press(mock: Mock, request: Request) -> Response:
    """Do what a button says and come back to the page; what is impossible is said there."""
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    action = form.pop("action", "")
    try:
        _act(mock, action, form)
    except (actors.Impossible, msgspec.ValidationError, ValueError) as wrong:
        return HTMLResponse(_page(mock, problem=str(wrong), plan=form.get("plan", "")), 409)
    return RedirectResponse(f"/?done={action}#{DONE[action][1]}", 303)


def _act(mock: Mock, action: str, form: Mapping[str, str]) -> None:
    body = {n: int(v) if n in NUMBERS and v.isdecimal() else v for n, v in form.items()}
    if action in DONE and action in actors.ACTIONS:
        actors.ACTIONS[action](mock.world, body)
    elif action == "advance":
        mock.world.advance(msgspec.convert(form, Advance, strict=False).ms)
    elif action == "add-faults":
        mock.add_faults(form.get("plan", "").encode())
    elif action == "clear-faults":
        mock.faults.clear()
    elif action in {"drop", "release"} and form.get("rule") in mock.faults.rules:
        act = mock.faults.drop if action == "drop" else mock.faults.release
        act(form["rule"])
    else:
        raise actors.Impossible(f"There is no action {action!r} to do here.")


def _page(mock: Mock, *, problem: str = "", done: str = "", plan: str = "") -> str:
    return _environment.get_template("page.html").render(
        world=mock.world, now=mock.world.clock.iso(), steps=STEPS, sections=page_rows.all_of(mock),
        numbers=page_rows.NUMBERS, problem=problem, done=done, plan=plan, example=EXAMPLE,
    )  # fmt: skip
