"""Parameters of addresses: one that a route does not know is refused, never ignored in silence."""

from typing import cast

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute


def refuse_unknown(request: Request) -> None:
    """Return if the route knows every parameter of the address; runs before anything is taken.

    Raises:
        RequestValidationError: 422, with a pointer to each that it does not know.
    """
    if not request.url.query:
        return
    known = sorted(_known(cast("APIRoute", request.scope["route"]).dependant))
    words = f"is not known here; known: {', '.join(known)}" if known else "is not known here"
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise RequestValidationError([{"loc": ("query", name), "msg": words} for name in unknown])


def _known(dependant: Dependant) -> set[str]:
    own = {parameter.alias for parameter in dependant.query_params}
    return own.union(*(_known(one) for one in dependant.dependencies))
