"""The numbers a publisher lives by."""

from dataclasses import dataclass
from datetime import timedelta

from baysync.config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times, counts and switches of the publisher; each is a setting."""

    lease: timedelta = timedelta(seconds=120)
    verify_delay: timedelta = timedelta(seconds=90)
    max_attempts: int = 6
    max_age: timedelta = timedelta(hours=24)
    backoff_base: timedelta = timedelta(seconds=5)
    backoff_cap: timedelta = timedelta(seconds=300)
    recheck: timedelta = timedelta(hours=6)
    revisions: int = 250
    revisions_kept: int = 25
    batches: int = 1
    snapshots: bool = True

    @property
    def claim_size(self) -> int:
        """How many changes one claim takes at most: eBay's bulk calls have 25 rows."""
        return 25 * self.batches


def limits(settings: Settings) -> Limits:
    """Return the numbers a publisher lives by."""
    return Limits(
        lease=settings.lease,
        verify_delay=settings.verify_delay,
        max_attempts=settings.max_attempts,
        max_age=settings.max_age,
        backoff_base=settings.backoff_base,
        backoff_cap=settings.backoff_cap,
        recheck=settings.recheck,
        revisions=settings.revisions,
        revisions_kept=settings.revisions_kept,
        batches=settings.batches,
        snapshots=settings.snapshots_enabled,
    )
