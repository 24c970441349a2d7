"""OAuth: the token call with its three grants, and the consent page."""

import base64
import binascii
from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qs, unquote, unquote_plus, urlencode

from mockbay.answers import Document, Reply
from mockbay.call import Call, Operation
from mockbay.gateway import over_quota
from mockbay.scopes import APPLICATION, SCOPES
from mockbay.state import Access, Grant, World

ACCESS_SECONDS = 7200
REFRESH_SECONDS = 47_304_000
CODE_SECONDS = 299


class OAuthError(Exception):
    """The token call fails, in the words of RFC 6749."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error, description)
        self.reply = Reply(status, {"error": error, "error_description": description})


def issue_access(world: World, seller: str | None, scopes: frozenset[str]) -> str:
    """Return a new access token, good for two hours."""
    token = world.secret("AT")
    world.access[token] = Access(seller, scopes, world.clock.ms + ACCESS_SECONDS * 1000)
    return token


def issue_refresh(world: World, seller: str, scopes: frozenset[str]) -> str:
    """Return a new refresh token, good for 18 months."""
    token = world.secret("RT")
    world.refresh[token] = Grant(seller, scopes, world.clock.ms + REFRESH_SECONDS * 1000)
    return token


def token(call: Call) -> Reply:
    """Answer the token call: by code, by refresh token, or for the application alone.

    Each grant has its own quota a day; beyond it the answer is the gateway's, not OAuth's.
    """
    form = _form(call)
    grant = form.get("grant_type", "")
    try:
        _authenticate(call)
        return over_quota(call, grant) or GRANTS.get(grant, _unsupported)(call, form)
    except OAuthError as error:
        return error.reply


def _form(call: Call) -> dict[str, str]:
    fields = parse_qs(call.body.decode("utf-8", "replace"))
    return {name: values[0] for name, values in fields.items()}


def _unsupported(_: Call, form: dict[str, str]) -> Reply:
    raise OAuthError("unsupported_grant_type", f"Got {form.get('grant_type')!r}.")


def _authenticate(call: Call) -> None:
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    application = call.world.application
    expected = f"{application.client_id}:{application.client_secret}"
    try:
        given = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        given = ""
    if scheme.lower() != "basic" or given != expected:
        raise OAuthError("invalid_client", "The client is not known.", 401)


def _application(call: Call, form: dict[str, str]) -> Reply:
    scopes = _scopes(form.get("scope")) or frozenset({APPLICATION})
    access = issue_access(call.world, None, scopes)
    return Reply(200, _granted(access, "Application Access Token"))


def _by_code(call: Call, form: dict[str, str]) -> Reply:
    if form.get("redirect_uri") != call.world.application.ru_name:
        raise OAuthError("invalid_grant", "redirect_uri must be the RuName of the application.")
    code = form.get("code", "")
    codes = call.world.codes
    grant = codes.pop(code, None) or codes.pop(unquote(code), None)
    if grant is None or grant.expires <= call.world.clock.ms:
        raise OAuthError("invalid_grant", "The authorization code is not valid any more.")
    call.account = grant.seller
    refresh = issue_refresh(call.world, grant.seller, grant.scopes)
    body = _granted(issue_access(call.world, grant.seller, grant.scopes), "User Access Token")
    return Reply(
        200, body | {"refresh_token": refresh, "refresh_token_expires_in": REFRESH_SECONDS}
    )


def _by_refresh(call: Call, form: dict[str, str]) -> Reply:
    """Answer without a refresh token: eBay's do not rotate."""
    grant = find_refresh(call.world, form.get("refresh_token", ""))
    if grant is None or grant.revoked or grant.expires <= call.world.clock.ms:
        raise OAuthError("invalid_grant", "The refresh token is not valid, or not this client's.")
    scopes = _scopes(form.get("scope")) or grant.scopes
    if not scopes <= grant.scopes:
        raise OAuthError("invalid_scope", "More is asked than the seller granted.")
    call.account = grant.seller
    return Reply(200, _granted(issue_access(call.world, grant.seller, scopes), "User Access Token"))


def asked_for(call: Call) -> str | None:
    """Return the seller whose grant a token call presents, so that a fault plan can name him."""
    form = _form(call)
    grant = find_refresh(call.world, form.get("refresh_token", ""))
    grant = grant or call.world.codes.get(form.get("code", ""))
    return grant.seller if grant else None


def find_refresh(world: World, given: str) -> Grant | None:
    """Return the grant of a refresh token, sent as it is or escaped once too often."""
    return world.refresh.get(given) or world.refresh.get(unquote(given))


GRANTS = {
    "client_credentials": _application,
    "authorization_code": _by_code,
    "refresh_token": _by_refresh,
}


def _granted(access: str, kind: str) -> Document:
    return {"access_token": access, "expires_in": ACCESS_SECONDS, "token_type": kind}


def _scopes(given: str | None) -> frozenset[str]:
    """Return the scopes that are asked for.

    Raises:
        OAuthError: one of them is none of eBay's.
    """
    asked = frozenset(unquote_plus(given or "").split())
    if wrong := sorted(asked - SCOPES):
        raise OAuthError("invalid_scope", f"Unknown: {' '.join(wrong)}")
    return asked


def consent_page(call: Call) -> Reply:
    """Show who asks for what, with a button to agree and one to decline."""
    if problem := _consent_problem(call, call.query):
        return problem
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{escape(call.query.get(name, ""))}">'
        for name in ("client_id", "redirect_uri", "scope", "state")
    )
    sellers = "".join(f"<option>{escape(name)}</option>" for name in call.world.sellers)
    scopes = "".join(f"<li>{escape(name)}</li>" for name in call.query.get("scope", "").split())
    return _page(
        f"<p>{escape(call.world.application.client_id)} asks for:</p><ul>{scopes}</ul>"
        f'<form method="post" action="/oauth2/authorize">{fields}'
        f'<label>Seller <select name="account">{sellers}</select></label> '
        '<button name="answer" value="agree">Agree</button> '
        '<button name="answer" value="decline">Decline</button></form>'
    )


def consent(call: Call) -> Reply:
    """Send the browser back with a code, or with the word that the seller declined."""
    form = _form(call)
    if problem := _consent_problem(call, form):
        return problem
    world = call.world
    account = form.get("account") or next(iter(world.sellers))
    if account not in world.sellers:
        return _page(f"<p>No seller is called {escape(account)}.</p>", 400)
    back = {"state": form["state"]} if form.get("state") else {}
    if form.get("answer") == "decline":
        return _redirect(world, back | {"error": "access_denied"})
    code = world.secret("CD")
    scopes = _scopes(form.get("scope")) or SCOPES
    world.codes[code] = Grant(account, scopes, world.clock.ms + CODE_SECONDS * 1000)
    call.account = account
    return _redirect(world, back | {"code": code, "expires_in": str(CODE_SECONDS)})


def _redirect(world: World, query: dict[str, str]) -> Reply:
    """Lead back with what the seller answered, or show it where no address is set."""
    url = world.application.redirect_url
    if not url:
        fields = "".join(
            f"<dt>{name}</dt><dd><code>{escape(value)}</code></dd>" for name, value in query.items()
        )
        return _page(
            f"<dl>{fields}</dl><p>Exchange a code at POST /identity/v1/oauth2/token. To lead back "
            "to your program instead, start mockbay with --redirect-url, or "
            "POST /_mock/ru-name.</p>"
        )
    address = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
    return Reply(302, b"", {"location": address}, "text/html")


def _consent_problem(call: Call, given: Mapping[str, str]) -> Reply | None:
    application = call.world.application
    if given.get("client_id") != application.client_id:
        return _page("<p>client_id names no application.</p>", 400)
    if given.get("redirect_uri") != application.ru_name:
        return _page("<p>redirect_uri must be the RuName of the application.</p>", 400)
    try:
        _scopes(given.get("scope"))
    except OAuthError as wrong:
        return _page(f"<p>scope: {escape(wrong.args[1])}</p>", 400)
    return None


def _page(content: str, status: int = 200) -> Reply:
    text = f"<!doctype html><html lang=en><title>mockbay: consent</title><h1>mockbay</h1>{content}"
    return Reply(status, text.encode(), content_type="text/html; charset=utf-8")


OPERATIONS = [
    Operation("getToken", "POST", "/identity/v1/oauth2/token", token, "no token",
              api="identity"),
    Operation("showConsent", "GET", "/oauth2/authorize", consent_page, "no token",
              api="identity"),
    Operation("giveConsent", "POST", "/oauth2/authorize", consent, "no token",
              api="identity"),
]  # fmt: skip
