"""What the mock sends by itself: challenges to endpoints, and signed notifications."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from typing import Annotated, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import msgspec

from mockbay.answers import Document, part
from mockbay.signing import signature_header
from mockbay.state import World

PATIENCE_SECONDS = 5


class _Stay(HTTPRedirectHandler):
    """Follow no redirect, as eBay does not: the endpoint that was named must answer."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Return nothing, so that the redirect is an answer like any other."""


_opener = build_opener(ProxyHandler({}), _Stay())
_sender = ThreadPoolExecutor(1, "mockbay-delivery")  # one: deliveries keep their order


class Notice(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to deliver: ``times`` repeats it under the same id, ``signature`` spoils it.

    ``late_ms`` keeps it back for that much virtual time, so that newer ones overtake it.
    """

    topic: str = "MARKETPLACE_ACCOUNT_DELETION"
    data: Document = {}
    times: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    late_ms: Annotated[int, msgspec.Meta(ge=0)] = 0
    signature: Literal["good", "bad", "missing"] = "good"


def challenged(endpoint: str, token: str, code: str) -> bool:
    """Ask an endpoint to prove that it knows the token; tell whether it did."""
    joiner = "&" if "?" in endpoint else "?"
    request = Request(f"{endpoint}{joiner}challenge_code={quote(code)}")  # noqa: S310  (checked)
    expected = sha256(f"{code}{token}{endpoint}".encode()).hexdigest()
    try:
        with _opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer).get("challengeResponse") == expected
    except (URLError, OSError, ValueError, AttributeError):
        return False


def queue_test(world: World, topic: str) -> None:
    """Deliver a test of one topic after what is already waiting."""
    deliver(world, Notice(topic=topic, data={"test": True}))


def deliver(world: World, notice: Notice) -> list[Future[int]]:
    """Send a notification to every enabled subscriber; the futures give its status, 0 for none.

    One that is late has no futures yet.
    """
    number, happened = world.count("notification"), world.clock.iso()
    send = partial(_send, world, notice, f"N{world.seed}-{number}", happened)
    if notice.late_ms:
        world.later(notice.late_ms, send)
        return []
    return send()


def _send(world: World, notice: Notice, notification_id: str, happened: str) -> list[Future[int]]:
    document: Document = {
        "metadata": {"topic": notice.topic, "schemaVersion": "1.0", "deprecated": False},
        "notification": {
            "notificationId": notification_id,
            "eventDate": happened,
            "publishDate": world.clock.iso(),
            "publishAttemptCount": 1,
            "data": notice.data,
        },
    }
    raw = msgspec.json.encode(document)
    headers = {"Content-Type": "application/json", **_signed(world.seed, raw, notice.signature)}
    return [
        _sender.submit(_post, endpoint, raw, headers)
        for endpoint in _endpoints(world, notice.topic)
        for _ in range(notice.times)
    ]


def _signed(seed: int, raw: bytes, how: str) -> dict[str, str]:
    if how == "missing":
        return {}
    return {"x-ebay-signature": signature_header(seed, raw if how == "good" else raw + b" ")}


def _endpoints(world: World, topic: str) -> list[str]:
    notices = world.notices
    used = [
        notices.destinations[one["destinationId"]]
        for one in notices.subscriptions.values()
        if one["topicId"] == topic and one["status"] == "ENABLED"
    ]
    return [part(one, "deliveryConfig")["endpoint"] for one in used if one["status"] == "ENABLED"]


def _post(endpoint: str, raw: bytes, headers: dict[str, str]) -> int:
    request = Request(endpoint, raw, headers)  # noqa: S310  (checked when it was registered)
    try:
        with _opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.status
    except HTTPError as refused:
        with refused:
            return refused.code
    except OSError:
        return 0
