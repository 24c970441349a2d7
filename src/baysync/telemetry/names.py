"""Every metric of baysync, named once: dotted in JSON, with underscores for Prometheus.

Counters are ``verb.object[.qualifier]``, gauges ``resource.state``, timers ``duration.object_ms``,
timestamps ``last.event``. No label ever carries a SKU.
"""

from dataclasses import dataclass
from enum import StrEnum


class MetricKind(StrEnum):
    """What a metric's value is and how two processes' values become one."""

    COUNTER = "counter"  # since the beginning; added
    GAUGE = "gauge"  # now; read from the database when asked
    TIMER = "timer"  # milliseconds; count, sum and buckets, added
    TIMESTAMP = "timestamp"  # seconds since 1970 UTC; the newest wins


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        name: dotted, as in JSON.
        kind: what its value is.
        says: one sentence for people.
        label: the one label it may carry, or "".
        family: its name for Prometheus without prefix and unit, where several metrics share one;
            the last word of ``name`` is then the value of the label ``result``.
        lacks: whether it may be unknown; it is then absent for Prometheus and null in JSON.
    """

    name: str
    kind: MetricKind
    says: str
    label: str = ""
    family: str = ""
    lacks: bool = False

    @property
    def prometheus(self) -> str:
        """Return the name for Prometheus, with prefix and unit."""
        name = "baysync_" + (self.family or self.name.removesuffix("_ms").replace(".", "_"))
        suffix = {
            MetricKind.COUNTER: "_total",
            MetricKind.GAUGE: "",
            MetricKind.TIMER: "_seconds",
            MetricKind.TIMESTAMP: "_timestamp_seconds",
        }
        return name + suffix[self.kind]


def _counter(name: str, says: str, label: str = "", family: str = "") -> Metric:
    return Metric(name, MetricKind.COUNTER, says, label, family)


def _gauge(
    name: str, says: str, label: str = "", family: str = "", *, lacks: bool = False
) -> Metric:
    return Metric(name, MetricKind.GAUGE, says, label, family, lacks)


def _timer(name: str, says: str) -> Metric:
    return Metric(name, MetricKind.TIMER, says)


def _last(name: str, says: str) -> Metric:
    return Metric(name, MetricKind.TIMESTAMP, says)


ALL = (
    _counter("publish.attempt", "Attempts begun.", family="publish_attempt"),
    _counter("publish.success", "Attempts that settled done.", family="publish_attempt"),
    _counter("publish.failure", "Attempts that did not.", family="publish_attempt"),
    _counter("publish.permanent_failure", "Rejected for good.", family="publish_attempt"),
    _counter("publish.dead_letter", "Changes that gave up.", family="publish_attempt"),
    _counter("publish.retry_scheduled", "Changes to try again.", family="publish_attempt"),
    _counter("publish.idempotent_skip", "Equal already: no call.", family="publish_attempt"),
    _counter("queue.enqueue", "Changes put into the queue."),
    _counter("queue.dequeue", "Changes claimed."),
    _counter("queue.coalesced", "Edits taken up by a change that was waiting."),
    _counter("queue.enqueue_skipped_hash", "Edits that equal what is published."),
    _counter("queue.enqueue_skipped_duplicate", "Edits that equal what is waiting."),
    _counter("queue.enqueue_skipped_dead", "Edits that equal a dead letter."),
    _counter("queue.reverted", "Changes cancelled since nothing was left to do."),
    _counter("queue.blocked", "Listings found blocked by an edit."),
    _counter("queue.reaped", "Leases that ran out and were returned."),
    _counter("listing.accepted", "Listings taken in.", label="outcome"),
    _counter("snapshot.created", "Snapshots with a body.", label="source_event"),
    _counter("snapshot.dedup_hit", "Snapshots equal to the one before."),
    _counter("adapter.create.calls", "Calls to eBay that create."),
    _counter("adapter.update.calls", "Calls to eBay that change."),
    _counter("adapter.end.calls", "Calls to eBay that end a listing."),
    _counter("adapter.read.calls", "Calls to eBay that only read."),
    _counter("adapter.success", "Calls that eBay took, all rows.", family="adapter_call"),
    _counter("adapter.failure", "Calls that failed, or a row of them.", family="adapter_call"),
    _counter("order.line", "Lines of orders that said something new.", label="kind"),
    _counter("order.units_sold", "Units sold on eBay, as their orders were first read."),
    _counter("order.poll_failure", "Readings of orders that eBay did not answer."),
    _counter("exposure.detected", "Units sold that a call of ours put back on sale for a moment."),
    _counter("drift.detected", "Differences found between eBay and us."),
    _counter("job.run", "Runs of periodic jobs that ended well.", label="job"),
    _counter("job.failure", "Runs of periodic jobs that failed.", label="job"),
    _gauge("queue.pending_depth", "Changes that wait.", label="intent", family="queue_depth"),
    _gauge("queue.processing_depth", "Changes in flight."),
    _gauge("queue.oldest_due_seconds", "How long the oldest due change has waited."),
    _gauge("edit.oldest_seconds", "The age of the oldest edit that waits to reach eBay."),
    _gauge("worker.alive", "Processes that publish and said so within a minute."),
    _gauge("account.paused", "Accounts that are paused, by who did it.", label="kind"),
    _gauge("consent.remaining_seconds", "Until the first seller's consent ends.", lacks=True),
    _gauge("light.lit", "What is not as it should be.", label="cause"),
    _gauge("dead.open", "Dead letters that nobody has resolved."),
    _gauge("listing.blocked", "Listings that are not sent.", label="reason"),
    _gauge("listing.unprojected", "Listings whose last edit is not looked at yet."),
    _gauge("rate.remaining", "Calls left today, of the scarcest quota known.", lacks=True),
    _gauge("rate.near_depletion", "Quotas with less than a fifth left."),
    _gauge("invariant.broken", "Rows that break an invariant; 0 is the promise."),
    _gauge("census.age_seconds", "How old the counts are: those of a large shop.", lacks=True),
    _gauge("projection.hash_miss_ratio", "Edits that changed something, of all edits."),
    _timer("publish.duration_ms", "One claimed batch, from claim to settle."),
    _timer("publish.item_ms", "One change, from claimed to settled."),
    _timer("queue.item_wait_ms", "From due to claimed."),
    _timer("worker.loop_ms", "One turn of the publisher."),
    _timer("snapshot.duration_ms", "Writing the snapshots of one batch."),
    _timer("adapter.latency_ms", "One call to eBay."),
    _timer("policy.fetch_ms", "Reading one kind of reference data of one marketplace."),
    _last("publish.last_success", "The last change that settled done."),
    _last("publish.last_error", "The last attempt that failed."),
    _last("order.last_poll", "The last time an account's orders were read to the end."),
    _last("policy.last_fetch", "The last time eBay told reference data that was asked for."),
    _last("reconciliation.last_run", "The last sweep of eBay's state."),
    _last("audit.last_run", "The last audit."),
)
BY_NAME = {metric.name: metric for metric in ALL}
BUCKETS_MS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000)
