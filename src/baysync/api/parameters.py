"""Parameters of addresses: what a route does not take is refused, never ignored in silence."""

from collections import Counter
from typing import cast, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute


def refuse_unknown(request: Request) -> None:
    """Return if the route takes every parameter of the address; runs before anything is taken.

    Raises:
        RequestValidationError: 422, with a pointer to each that it does not know, and to each that
            stands several times where the route takes one value.
    """
    if not request.url.query:
        return
    known = _known(cast("APIRoute", request.scope["route"]).dependant)
    names = ", ".join(sorted(known))
    words = f"is not known here; known: {names}" if known else "is not known here"
    counts = Counter(name for name, _ in request.query_params.multi_items())
    refused = {name: words for name in counts if name not in known}
    for name, count in counts.items():
        if count > 1 and not known.get(name, True):
            refused[name] = f"stands {count} times: give it once"
    if refused:
        raise RequestValidationError(
            [{"loc": ("query", name), "msg": why} for name, why in refused.items()]
        )


def _known(dependant: Dependant) -> dict[str, bool]:
    """Map the parameters of a route to whether they may stand several times."""
    known = {
        parameter.alias: _takes_many(parameter.field_info.annotation)
        for parameter in dependant.query_params
    }
    for one in dependant.dependencies:
        known |= _known(one)
    return known


def _takes_many(annotation: object) -> bool:
    return list in {get_origin(one) for one in (annotation, *get_args(annotation))}
