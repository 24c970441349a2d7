"""Spell metric values as JSON or as Prometheus text."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from baysync.telemetry.metrics import Series
from baysync.telemetry.names import ALL, BUCKETS_MS, Metric, MetricKind

Json = dict[str, object]
_QUANTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}


def as_json(values: Mapping[Series, float]) -> Json:
    """Return every metric by its dotted name, 0 or null where nothing was counted yet.

    A metric with a label is an object of label values with its ``total``; a timer has ``count``,
    ``avg`` and estimated ``p50``, ``p95`` and ``p99`` in milliseconds; a timestamp is RFC 3339.
    """
    return {metric.name: _json(metric, values) for metric in ALL}


def as_prometheus(values: Mapping[Series, float]) -> bytes:
    """Return every metric in the text format of Prometheus (exposition format 0.0.4)."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(values))
    return generate_latest(registry)


Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


class _Families(Collector):
    """Hands the values to prometheus-client, one family a name."""

    def __init__(self, values: Mapping[Series, float]) -> None:
        self._values = values

    def collect(self) -> Iterable[Family]:
        """Return one family for each Prometheus name."""
        families: dict[str, Family] = {}
        for metric in ALL:
            family = families.setdefault(metric.prometheus, _family(metric))
            _fill(family, metric, self._values)
        return families.values()


def _family(metric: Metric) -> Family:
    name, labels = metric.prometheus, [metric.label] if metric.label else []
    if metric.kind is MetricKind.TIMER:
        return HistogramMetricFamily(name, metric.says)
    if metric.kind is MetricKind.COUNTER:
        labels = labels or (["result"] if metric.family else [])
        return CounterMetricFamily(name.removesuffix("_total"), metric.says, labels=labels)
    return GaugeMetricFamily(name, metric.says, labels=labels)


def _fill(family: Family, metric: Metric, values: Mapping[Series, float]) -> None:
    if isinstance(family, HistogramMetricFamily):
        milliseconds = values.get(Series(f"{metric.name}.sum"), 0.0)
        family.add_metric([], _cumulative(metric, values), milliseconds / 1000)
        return
    if metric.label:
        for label, value in _labelled(metric, values).items():
            family.add_metric([label], value)
    elif Series(metric.name) in values or not (metric.lacks or metric.kind is MetricKind.TIMESTAMP):
        result = [metric.name.rpartition(".")[2]] if metric.family else []
        family.add_metric(result, values.get(Series(metric.name), 0))


def _cumulative(metric: Metric, values: Mapping[Series, float]) -> list[tuple[str, float]]:
    buckets, reached = _buckets(metric, values), 0.0
    edges: list[tuple[str, float]] = []
    for edge in (*map(str, BUCKETS_MS), "+Inf"):
        reached += buckets.get(edge, 0)
        edges.append((edge if edge == "+Inf" else f"{int(edge) / 1000:g}", reached))
    return edges


def _json(metric: Metric, values: Mapping[Series, float]) -> object:
    if metric.kind is MetricKind.TIMER:
        return _timer_json(metric, values)
    if metric.kind is MetricKind.TIMESTAMP:
        moment = values.get(Series(metric.name))
        return moment and datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    labelled = _labelled(metric, values)
    if metric.lacks and not labelled:
        return None
    total = sum(labelled.values())
    return {"total": total, **labelled} if metric.label else total


def _timer_json(metric: Metric, values: Mapping[Series, float]) -> Json:
    buckets = _buckets(metric, values)
    total = sum(buckets.values())
    average = values.get(Series(f"{metric.name}.sum"), 0.0) / total if total else None
    estimates = {name: _quantile(buckets, share) for name, share in _QUANTILES.items()}
    return {"count": total, "avg": average and round(average, 1), **estimates}


def _quantile(buckets: Mapping[str, float], share: float) -> float | None:
    """Return the upper edge of the bucket in which the ``share`` of all durations is reached."""
    wanted = share * sum(buckets.values())
    reached = 0.0
    for edge in BUCKETS_MS:
        reached += buckets.get(str(edge), 0)
        if reached >= wanted > 0:
            return edge
    return float(BUCKETS_MS[-1]) if wanted else None


def _labelled(metric: Metric, values: Mapping[Series, float]) -> dict[str, float]:
    return {s.label: _whole(v) for s, v in sorted(values.items()) if s.name == metric.name}


def _buckets(metric: Metric, values: Mapping[Series, float]) -> dict[str, float]:
    name = f"{metric.name}.bucket"
    return {s.label: _whole(v) for s, v in values.items() if s.name == name}


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
