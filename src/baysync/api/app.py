"""The HTTP interface: one application made of routers, one shape of errors, one guard."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from fastapi import APIRouter, Depends

from baysync.api import (
    dry_run,
    ebay_listings,
    jobs,
    listing_versions,
    listings,
    listings_bulk,
    observing,
    operating,
    orders,
    parameters,
    problems,
    queue,
    stock,
    sync_logs,
)
from baysync.api.deps import Services
from baysync.api.guard import Guard
from baysync.api.openapi import DescribedApi, operation_id
from baysync.base.version import VERSION

ROUTERS = (
    dry_run.router,
    ebay_listings.router,
    jobs.router,
    listings_bulk.router,
    listing_versions.router,
    listings.router,
    observing.router,
    operating.router,
    queue.router,
    orders.router,
    stock.router,
    sync_logs.router,
)


def create(services: Services | None, *, more: Sequence[APIRouter] = ()) -> DescribedApi:
    """Return the application; ``services`` None is enough to describe it, not to serve.

    ``more`` are the routers of the floors beside this one.
    """
    app = DescribedApi(
        title="baysync",
        version=VERSION,
        summary="Keeps a shop's own listings and eBay in step, and can prove it.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=operation_id,
    )
    app.state.services = services
    app.add_middleware(Guard)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(parameters.refuse_unknown)])
    for router in more:
        app.include_router(router)
    return app


@cache
def description() -> dict[str, Any]:
    """Return what ``/openapi.json`` answers."""
    return create(None).openapi()
