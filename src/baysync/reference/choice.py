"""Which of the seller's business policies a word means: an id, or the name of exactly one. Pure."""

import unicodedata
from collections.abc import Iterator

from baysync.reference.model import Finding, SellerPolicies

KINDS = {"fulfillment": "fulfillment", "payment": "payment", "return_": "return"}
MOST_NAMED = 8


def identified(kind: str, word: str, known: SellerPolicies | None) -> str:
    """Return the id of the policy that ``word`` means; ``word`` itself where that is not clear.

    ``kind`` is a field of ``SellerPolicies``. An id goes before a name; case does not count.
    """
    if known is None or word in getattr(known, kind):
        return word
    matches = _called(kind, word, known)
    return matches[0] if len(matches) == 1 else word


def problems(chosen: SellerPolicies, known: SellerPolicies | None) -> Iterator[Finding]:
    """Yield what is wrong with the policies a listing takes, each after ``identified``."""
    for kind, word in KINDS.items():
        for policy in getattr(chosen, kind):
            if known is None:
                if not policy.isdecimal():
                    yield _not_known_yet(word, policy)
            elif policy not in getattr(known, kind):
                yield _unknown(kind, word, policy, known)


def _not_known_yet(word: str, policy: str) -> Finding:
    return Finding(
        "unknown_policy",
        f"/policies/{word}",
        f"eBay has not said yet which {word} policy is called {policy}.",
        "Nothing to do: eBay is asked while a worker runs. Or give the policy's id.",
    )


def _unknown(kind: str, word: str, policy: str, known: SellerPolicies) -> Finding:
    same = _called(kind, policy, known)
    ids: tuple[str, ...] = getattr(known, kind)
    if same:
        rule = f"The seller has {len(same)} {word} policies called {policy} on this marketplace."
        fix = f"Give the id, {_listed(kind, tuple(same), known)}, or rename one on eBay."
    elif not ids:
        rule = f"The seller has no {word} policy on this marketplace."
        fix = f"Make a {word} policy for this marketplace on eBay."
    else:
        rule = f"The seller has no {word} policy {policy} on this marketplace."
        fix = (
            f"Give the listing, or the account with `baysync accounts defaults NAME --set "
            f"policies.{word}=…`, {_listed(kind, ids, known)}."
        )
    return Finding("unknown_policy", f"/policies/{word}", rule, fix)


def _called(kind: str, word: str, known: SellerPolicies) -> list[str]:
    names = known.names.get(kind, {}).items()
    exact = [id_ for id_, name in names if _folded(name, case=True) == _folded(word, case=True)]
    return exact or [id_ for id_, name in names if _folded(name) == _folded(word)]


def _folded(name: str, *, case: bool = False) -> str:
    text = unicodedata.normalize("NFC", name).strip()
    return text if case else text.casefold()


def _listed(kind: str, ids: tuple[str, ...], known: SellerPolicies) -> str:
    names = known.names.get(kind, {})
    shown = [f"{id_} ({names[id_]})" if id_ in names else id_ for id_ in ids[:MOST_NAMED]]
    return f"{'one of ' if len(ids) > 1 else ''}{', '.join(shown)}"
