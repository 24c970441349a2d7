"""Routes by which an operator sees periodic jobs and asks for a run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fastapi import APIRouter

from baysync.api.deps import Db
from baysync.api.openapi import answers
from baysync.base.segment import Segment
from baysync.db import job_schedule
from baysync.listing.origin import HTTP

router = APIRouter(prefix="/api/admin/ebay", tags=["operating"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicJob:
    """A periodic job; ``last_error`` is why its last run failed, null where it ended well."""

    name: str
    every_seconds: float
    enabled: bool
    running: bool
    requested_at: datetime | None
    last_started_at: datetime | None
    last_finished_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicJobs:
    """The jobs that workers have declared, by name."""

    items: list[PeriodicJob]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedRun:
    """A run that was asked for: a worker begins it at its next look."""

    name: str
    outcome: Literal["requested"]


@router.get("/jobs")
async def jobs(db: Db) -> PeriodicJobs:
    """Return every periodic job, when it ran last and how that ended."""
    return PeriodicJobs(
        items=[
            PeriodicJob(
                name=job.name,
                every_seconds=job.every.total_seconds(),
                enabled=job.enabled,
                running=job.running,
                requested_at=job.requested_at,
                last_started_at=job.last_started_at,
                last_finished_at=job.last_finished_at,
                last_error=job.last_error,
            )
            for job in await job_schedule.read_all(db)
        ]
    )


@router.post("/jobs/{name}/run", status_code=202, responses=answers(404, 409))
async def run(name: Segment, db: Db) -> RequestedRun:
    """Let a worker run a job at its next look; one that runs now runs once more afterwards.

    A job that is switched off is 409.
    """
    await job_schedule.request(db, name, by=HTTP)
    return RequestedRun(name=name, outcome="requested")
