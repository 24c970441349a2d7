"""Routes that only look: health, readiness, metrics."""

from fastapi import APIRouter, Response

from baysync.api.deps import Db, Services, Shared
from baysync.api.watch import Ready
from baysync.insight import gauges
from baysync.insight.health import Health
from baysync.telemetry.exposition import as_json, as_prometheus
from baysync.telemetry.metrics import Series

router = APIRouter(tags=["observing"])
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/api/health", responses={503: {"model": Health}})
async def health(shared: Shared, response: Response) -> Health:
    """Return the state of the whole installation, from memory; 503 when the database is down."""
    found = shared.watch.now()
    response.status_code = 503 if found.status == "down" else 200
    response.headers["Cache-Control"] = "no-store"
    return found


@router.get("/api/ready", responses={503: {"model": Ready}})
async def ready(shared: Shared, response: Response) -> Ready:
    """Answer 200 when requests can be served, else 503, with what is not as it should be."""
    found = shared.watch.now()
    is_ready = found.status != "down"
    response.status_code = 200 if is_ready else 503
    return Ready(ready=is_ready, causes=sorted({str(light.cause) for light in found.lights}))


@router.get("/api/ebay/metrics")
async def metrics(db: Db, shared: Shared) -> dict[str, object]:
    """Return every metric of all processes by its dotted name."""
    return as_json(await _values(db, shared))


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def prometheus(db: Db, shared: Shared) -> Response:
    """Return every metric of all processes in the text format of Prometheus."""
    return Response(as_prometheus(await _values(db, shared)), media_type=PROMETHEUS)


async def _values(db: Db, shared: Services) -> dict[Series, float]:
    """Return the metrics, with the lights of health: a full disk is seen by who writes alone."""
    return {**await gauges.values(db), **gauges.lit(shared.watch.now().lights)}
