"""What this process has counted since it last handed it over.

``count``, ``observe`` and ``happened`` are cheap and never fail for want of a database: a job
adds what has gathered to ``metric_minute`` (see ``metric_store``), where all processes meet.
"""

from threading import Lock
from typing import NamedTuple

from baysync.telemetry.names import BUCKETS_MS, BY_NAME, Metric, MetricKind


class Series(NamedTuple):
    """One line of a metric: its name, or a part of a timer, and the value of its label."""

    name: str
    label: str = ""


class Gathered:
    """Additions and moments since the last ``take``."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sums: dict[Series, float] = {}
        self._moments: dict[Series, float] = {}

    def add(self, series: Series, amount: float) -> None:
        """Add ``amount`` to one series."""
        with self._lock:
            self._sums[series] = self._sums.get(series, 0) + amount

    def move(self, series: Series, moment: float) -> None:
        """Note that something happened at ``moment``, seconds since 1970."""
        with self._lock:
            self._moments[series] = max(moment, self._moments.get(series, moment))

    def take(self) -> tuple[dict[Series, float], dict[Series, float]]:
        """Return and forget the sums and the moments."""
        with self._lock:
            sums, moments = self._sums, self._moments
            self._sums, self._moments = {}, {}
        return sums, moments

    def give_back(self, sums: dict[Series, float], moments: dict[Series, float]) -> None:
        """Put back what could not be handed over."""
        for series, amount in sums.items():
            self.add(series, amount)
        for series, moment in moments.items():
            self.move(series, moment)


GATHERED = Gathered()


def count(name: str, amount: int = 1, *, label: str = "") -> None:
    """Add to a counter of ``names``; ``label`` is the value of its one label.

    Raises:
        KeyError: there is no counter of that name.
    """
    if amount:
        GATHERED.add(Series(_known(name, MetricKind.COUNTER, label).name, label), amount)


def observe(name: str, milliseconds: float) -> None:
    """Add one duration to a timer of ``names``.

    Raises:
        KeyError: there is no timer of that name.
    """
    metric = _known(name, MetricKind.TIMER, "")
    bucket = next((str(edge) for edge in BUCKETS_MS if milliseconds <= edge), "+Inf")
    GATHERED.add(Series(f"{metric.name}.sum"), milliseconds)
    GATHERED.add(Series(f"{metric.name}.bucket", bucket), 1)


def happened(name: str, moment: float) -> None:
    """Move a timestamp of ``names`` to ``moment``, seconds since 1970, unless it is later already.

    Raises:
        KeyError: there is no timestamp of that name.
    """
    GATHERED.move(Series(_known(name, MetricKind.TIMESTAMP, "").name), moment)


def _known(name: str, kind: MetricKind, label: str) -> Metric:
    metric = BY_NAME[name]
    if metric.kind is not kind or (label and not metric.label):
        raise KeyError(f"{name} is a {metric.kind} with label {metric.label!r}")
    return metric
