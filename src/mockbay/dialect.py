"""Error envelopes as they also come: another casing, other field names, other languages."""

from mockbay.answers import Document, Reply

ODD_TEXT = "Bei der Anfrage ist ein Fehler aufgetreten."


def odd(reply: Reply) -> Reply:
    """Return a reply whose errors and warnings mean the same and look different."""
    return Reply(reply.status, _odd(reply.body), reply.headers, reply.content_type)


def _odd(body: Document | bytes | None) -> Document | bytes | None:
    if not isinstance(body, dict):
        return body
    changed = dict(body)
    for name in ("errors", "warnings"):
        if name in body:
            changed[name] = [_error(one) for one in body[name]]
    if "responses" in body:
        changed["responses"] = [_odd(row) for row in body["responses"]]
    return changed


def _error(error: Document) -> Document:
    changed = error | {"message": ODD_TEXT, "longMessage": ODD_TEXT}
    if "category" in error:
        changed["category"] = error["category"].capitalize()
    if "subdomain" in error:
        changed["subDomain"] = changed.pop("subdomain")
    return changed
