"""The notification API: topics, destinations that prove themselves, subscriptions."""

import re

from mockbay.answers import Document, Refusal, Reply, part, refuse
from mockbay.call import Call, Handler, Operation
from mockbay.delivery import queue_test
from mockbay.gateway import has_basic_scope, identify
from mockbay.names import names
from mockbay.signing import public_key
from mockbay.state import World

BASE = "/commerce/notification/v1"
API = "commerce.notification"
OF_USERS = names(
    "BUYER_QUESTION FEEDBACK_LEFT FEEDBACK_RECEIVED FEEDBACK_STAR_RATING ITEM_MARKED_SHIPPED "
    "LISTING_PREVIEW_CREATION_TASK_STATUS NEW_MESSAGE ORDER_CONFIRMATION PRIORITY_LISTING_REVISION "
    "SELLER_CUSTOMER_SERVICE_METRIC_RATING SELLER_STANDARDS_PROFILE_METRICS"
)
TOPICS = {
    "MARKETPLACE_ACCOUNT_DELETION": "APPLICATION",
    "AUTHORIZATION_REVOCATION": "APPLICATION",
    "ITEM_AVAILABILITY": "APPLICATION",
    "ITEM_PRICE_REVISION": "APPLICATION",
    **dict.fromkeys(OF_USERS, "USER"),
}
STATES = ("ENABLED", "DISABLED")
TOKEN = re.compile(r"[A-Za-z0-9_-]{32,80}")
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)[:/]")


def get_config(call: Call) -> Reply:
    """Return the address for alerts."""
    email = call.world.notices.alert_email
    if email is None:
        raise refuse(195026)
    return Reply(200, {"alertEmail": email})


def put_config(call: Call) -> Reply:
    """Set the address for alerts; everything else wants it first."""
    email = call.document.get("alertEmail")
    if not isinstance(email, str) or not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise refuse(195025)
    call.world.notices.alert_email = email
    return Reply(204)


def topics(call: Call) -> Reply:
    """Return every topic."""
    return _listed(call, "topics", [_topic(name) for name in TOPICS])


def topic(call: Call) -> Reply:
    """Return one topic."""
    if call.params["topic"] not in TOPICS:
        raise refuse(195002)
    return Reply(200, _topic(call.params["topic"]))


def _topic(name: str) -> Document:
    payload = {"format": ["JSON"], "schemaVersion": "1.0", "deliveryProtocol": "HTTPS"}
    return {
        "topicId": name, "description": name.replace("_", " ").capitalize(), "status": "ENABLED",
        "context": "COMMERCE", "scope": TOPICS[name], "filterable": False,
        "authorizationScopes": ["https://api.ebay.com/oauth/api_scope"],
        "supportedPayloads": [payload | {"deprecated": False}],
    }  # fmt: skip


def _listed(call: Call, name: str, found: list[Document]) -> Reply:
    body: Document = {"total": len(found), "href": call.path, "limit": 100, name: found}
    return Reply(200, body)


def create_destination(call: Call) -> Reply:
    """Register an endpoint once it has answered the challenge."""
    world = call.world
    _configured(world)
    destination = _destination(call, None)
    destination_id = f"D{world.seed}-{world.count('destination')}"
    world.notices.destinations[destination_id] = destination
    return Reply(201, None, {"location": f"{BASE}/destination/{destination_id}"})


def _configured(world: World) -> None:
    if world.notices.alert_email is None:
        raise refuse(195003)


def challenge(call: Call) -> tuple[str, str, str] | None:
    """Return endpoint, token and code of the challenge that a call leads to, if it does."""
    if call.op not in {"createDestination", "updateDestination"}:
        return None
    access = identify(call)
    try:
        wrong = _wrong(call.world, call.document, call.params.get("id"))
    except Refusal:
        return None
    if wrong is not None or access is None or not has_basic_scope(call, access):
        return None
    config = part(call.document, "deliveryConfig")
    code = f"challenge-{call.world.count('challenge')}"
    return config["endpoint"], config["verificationToken"], code


def _destination(call: Call, own_id: str | None) -> Document:
    """Return what is stored of a destination; its endpoint was challenged before.

    Raises:
        Refusal: a field is wrong, the endpoint is taken, or it failed the challenge.
    """
    error_id = _wrong(call.world, call.document, own_id)
    if error_id is None and not call.proved:
        error_id = 195020
    if error_id is not None:
        raise refuse(error_id)
    return {n: call.document[n] for n in ("name", "status", "deliveryConfig")}


def _wrong(world: World, asked: Document, own_id: str | None) -> int | None:
    config = part(asked, "deliveryConfig")
    endpoint, token = str(config.get("endpoint")), str(config.get("verificationToken"))
    taken = {
        part(one, "deliveryConfig")["endpoint"]
        for key, one in world.notices.destinations.items() if key != own_id
    }  # fmt: skip
    checks = (
        (0 < len(str(asked.get("name") or "")) <= 64, 195016),  # noqa: PLR2004
        (asked.get("status") in STATES, 195018),
        (endpoint.startswith("https://") or LOOPBACK.match(endpoint) is not None, 195017),
        (TOKEN.fullmatch(token) is not None, 195019),
        (endpoint not in taken, 195021),
    )
    return next((error_id for holds, error_id in checks if not holds), None)


def destinations(call: Call) -> Reply:
    """Return every destination."""
    found = call.world.notices.destinations
    return _listed(call, "destinations", [{"destinationId": k} | d for k, d in found.items()])


def _find(call: Call, kind: str, error_id: int) -> Document:
    stored: dict[str, Document] = getattr(call.world.notices, kind)
    if call.params["id"] not in stored:
        raise refuse(error_id, status=404)
    return stored[call.params["id"]]


def destination(call: Call) -> Reply:
    """Return one destination."""
    found = _find(call, "destinations", 195022)
    return Reply(200, {"destinationId": call.params["id"]} | found)


def put_destination(call: Call) -> Reply:
    """Replace a destination; the endpoint is challenged again."""
    key = call.params["id"]
    _find(call, "destinations", 195022)
    call.world.notices.destinations[key] = _destination(call, key)
    return Reply(204)


def delete_destination(call: Call) -> Reply:
    """Delete a destination that no subscription uses."""
    key = call.params["id"]
    _find(call, "destinations", 195022)
    if any(s["destinationId"] == key for s in call.world.notices.subscriptions.values()):
        raise refuse(195024, status=409)
    del call.world.notices.destinations[key]
    return Reply(204)


def create_subscription(call: Call) -> Reply:
    """Subscribe to a topic, each seller once; topics of the application want its token."""
    world, asked = call.world, call.document
    _configured(world)
    name = asked.get("topicId")
    if name not in TOPICS:
        raise refuse(195027)
    _check_subscription(world, asked)
    if TOPICS[name] != "USER" and call.account is not None:
        raise refuse(195011)
    wish, wishes = (name, call.account), world.notices.wishes
    if wish in {wishes[key] for key in world.notices.subscriptions}:
        raise refuse(195012)
    key = f"S{world.seed}-{world.count('subscription')}"
    kept = {n: asked[n] for n in ("topicId", "destinationId", "status", "payload")}
    wishes[key] = wish
    world.notices.subscriptions[key] = kept | {"creationDate": world.clock.iso()}
    return Reply(201, None, {"location": f"{BASE}/subscription/{key}"})


def _check_subscription(world: World, asked: Document) -> None:
    payload, destination = part(asked, "payload"), asked.get("destinationId")
    checks = (
        (destination in world.notices.destinations, 195007),
        (asked.get("status") in STATES, 195006),
        (payload.get("schemaVersion") == "1.0", 195008),
        (payload.get("format") == "JSON", 195009),
        (payload.get("deliveryProtocol") == "HTTPS", 195010),
    )
    for holds, error_id in checks:
        if not holds:
            raise refuse(error_id)
    if asked["status"] == "ENABLED":
        _check_destination(world, asked)


def _check_destination(world: World, subscription: Document) -> None:
    if world.notices.destinations[subscription["destinationId"]]["status"] != "ENABLED":
        raise refuse(195015)


def update_subscription(call: Call) -> Reply:
    """Replace what a subscription says; its topic stays."""
    stored = _find(call, "subscriptions", 195013)
    _check_subscription(call.world, call.document)
    stored |= {n: call.document[n] for n in ("destinationId", "status", "payload")}
    return Reply(204)


def subscriptions(call: Call) -> Reply:
    """Return every subscription."""
    found = call.world.notices.subscriptions
    return _listed(call, "subscriptions", [{"subscriptionId": k} | s for k, s in found.items()])


def subscription(call: Call) -> Reply:
    """Return one subscription."""
    found = _find(call, "subscriptions", 195013)
    return Reply(200, {"subscriptionId": call.params["id"]} | found)


def enable(call: Call) -> Reply:
    """Let a subscription deliver."""
    found = _find(call, "subscriptions", 195013)
    _check_destination(call.world, found)
    found["status"] = "ENABLED"
    return Reply(204)


def disable(call: Call) -> Reply:
    """Stop a subscription from delivering."""
    _find(call, "subscriptions", 195013)["status"] = "DISABLED"
    return Reply(204)


def delete_subscription(call: Call) -> Reply:
    """Delete a subscription."""
    _find(call, "subscriptions", 195013)
    del call.world.notices.subscriptions[call.params["id"]]
    return Reply(204)


def test(call: Call) -> Reply:
    """Deliver a notification about nothing, soon."""
    found = _find(call, "subscriptions", 195013)
    queue_test(call.world, found["topicId"])
    return Reply(202)


def key(call: Call) -> Reply:
    """Return the public key that deliveries are signed with."""
    found = public_key(call.world.seed)
    if call.params["key"] != found["kid"]:
        raise Refusal(400, refuse(195001).errors)
    body = {"key": found["key"], "algorithm": "ECDSA", "digest": "SHA1"}
    return Reply(200, body)


def _basic(op: str, method: str, path: str, handler: Handler) -> Operation:
    return Operation(op, method, f"{BASE}/{path}", handler, "basic scope", api=API)


def _either(op: str, method: str, path: str, handler: Handler) -> Operation:
    return Operation(op, method, f"{BASE}/{path}", handler, "either", api=API)


OPERATIONS = [
    _basic("getConfig", "GET", "config", get_config),
    _basic("updateConfig", "PUT", "config", put_config),
    _either("getTopics", "GET", "topic", topics),
    _either("getTopic", "GET", "topic/{topic}", topic),
    _basic("createDestination", "POST", "destination", create_destination),
    _basic("getDestinations", "GET", "destination", destinations),
    _basic("getDestination", "GET", "destination/{id}", destination),
    _basic("updateDestination", "PUT", "destination/{id}", put_destination),
    _basic("deleteDestination", "DELETE", "destination/{id}", delete_destination),
    _either("createSubscription", "POST", "subscription", create_subscription),
    _either("getSubscriptions", "GET", "subscription", subscriptions),
    _either("getSubscription", "GET", "subscription/{id}", subscription),
    _either("updateSubscription", "PUT", "subscription/{id}", update_subscription),
    _either("enableSubscription", "POST", "subscription/{id}/enable", enable),
    _either("disableSubscription", "POST", "subscription/{id}/disable", disable),
    _either("deleteSubscription", "DELETE", "subscription/{id}", delete_subscription),
    _either("testSubscription", "POST", "subscription/{id}/test", test),
    _basic("getPublicKey", "GET", "public_key/{key}", key),
]
