"""Metrics: names, addition, and how they are spelled."""

import re

import pytest

from baysync.telemetry.exposition import as_json, as_prometheus
from baysync.telemetry.metrics import GATHERED, Gathered, Series, count, happened, observe
from baysync.telemetry.names import ALL, MetricKind


@pytest.fixture(autouse=True)
def nothing_gathered() -> None:
    GATHERED.take()


def test_names_are_unique_and_follow_one_pattern() -> None:
    names = [metric.name for metric in ALL]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(\.[a-z_]+)+", name)] == []
    assert [m.name for m in ALL if (m.kind is MetricKind.TIMER) != m.name.endswith("_ms")] == []


def test_counts_add_up_by_label() -> None:
    count("snapshot.created", label="publish_success")
    count("snapshot.created", 2, label="publish_success")
    count("queue.enqueue", 0)
    sums, moments = GATHERED.take()
    assert sums == {Series("snapshot.created", "publish_success"): 3}
    assert moments == {}
    assert GATHERED.take() == ({}, {})


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: count("queue.enqeue"),
        lambda: count("publish.duration_ms"),
        lambda: count("queue.enqueue", label="SKU-1"),
        lambda: observe("queue.enqueue", 1.0),
        lambda: happened("queue.enqueue", 1.0),
    ],
)
def test_a_metric_that_is_not_named_is_refused(wrong: "object") -> None:
    assert callable(wrong)
    with pytest.raises(KeyError):
        wrong()


def test_the_newest_moment_wins_and_what_is_given_back_is_kept() -> None:
    gathered = Gathered()
    gathered.move(Series("publish.last_success"), 20.0)
    gathered.move(Series("publish.last_success"), 10.0)
    gathered.add(Series("queue.enqueue"), 1)
    taken = gathered.take()
    gathered.add(Series("queue.enqueue"), 1)
    gathered.give_back(*taken)
    assert gathered.take() == (
        {Series("queue.enqueue"): 2},
        {Series("publish.last_success"): 20.0},
    )


def measured() -> dict[Series, float]:
    count("publish.success", 3)
    count("snapshot.created", 2, label="publish_success")
    observe("adapter.latency_ms", 30)
    observe("adapter.latency_ms", 30)
    observe("adapter.latency_ms", 99_000)
    happened("publish.last_success", 1_700_000_000.5)
    sums, moments = GATHERED.take()
    return {**sums, **moments, Series("queue.pending_depth", "create"): 4}


def test_json_has_every_metric_by_its_dotted_name() -> None:
    shown = as_json(measured())
    assert set(shown) == {metric.name for metric in ALL}
    assert shown["publish.success"] == 3
    assert shown["publish.failure"] == 0
    assert shown["snapshot.created"] == {"total": 2, "publish_success": 2}
    assert shown["queue.pending_depth"] == {"total": 4, "create": 4}
    assert shown["publish.last_success"] == "2023-11-14T22:13:20.500+00:00"
    assert shown["publish.last_error"] is None
    assert shown["adapter.latency_ms"] == {
        "count": 3,
        "avg": 33020.0,
        "p50": 50,
        "p95": 30000.0,
        "p99": 30000.0,
    }
    assert shown["publish.duration_ms"] == {
        "count": 0,
        "avg": None,
        "p50": None,
        "p95": None,
        "p99": None,
    }


def test_prometheus_has_prefix_units_and_results() -> None:
    lines = as_prometheus(measured()).decode().splitlines()
    assert 'baysync_publish_attempt_total{result="success"} 3.0' in lines
    assert 'baysync_publish_attempt_total{result="failure"} 0.0' in lines
    assert 'baysync_snapshot_created_total{source_event="publish_success"} 2.0' in lines
    assert 'baysync_queue_depth{intent="create"} 4.0' in lines
    assert "baysync_drift_detected_total 0.0" in lines
    assert 'baysync_adapter_latency_seconds_bucket{le="0.05"} 2.0' in lines
    assert 'baysync_adapter_latency_seconds_bucket{le="+Inf"} 3.0' in lines
    assert "baysync_adapter_latency_seconds_count 3.0" in lines
    assert "baysync_adapter_latency_seconds_sum 99.06" in lines
    assert "baysync_publish_last_success_timestamp_seconds 1.7000000005e+09" in lines
    assert not [
        line for line in lines if "last_error_timestamp_seconds " in line and line[0] != "#"
    ]
    assert len([line for line in lines if line.startswith("# TYPE baysync_publish_attempt")]) == 1
