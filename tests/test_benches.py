"""The programs under `bench`, made small: nothing else would notice that they do not run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("unmeasured")

BENCH = Path(__file__).parents[1] / "bench"


def reported(program: str, *options: str) -> dict[str, Any]:
    """Run a program to its end; return its last line."""
    done = subprocess.run(
        [sys.executable, BENCH / program, *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_storm_publishes_and_is_judged() -> None:
    report = reported("chaos.py", "--edits", "50", "--listings", "50", "--faults")
    assert (report["edits"], report["rounds"], report["violations"]) == (50, 1, 0)
    assert report["standing"]["ACTIVE"] > 0
    assert report["faults"]["slow"] > 0


def test_two_accounts_outlive_a_storm_of_kills_and_only_the_revoked_one_was_paused() -> None:
    report = reported("storm.py", "--rounds", "4", "--listings", "10", "--edits", "3")
    assert (report["violations"], report["paused"]) == (0, [["two", "reauth"]])
    assert len(report["befell"]) == 4, "each kind once"


def test_the_turns_of_the_loop_are_measured_under_load() -> None:
    options = ("--posts", "1", "--mb", "0.5", "--rounds", "1", "--variants", "300")
    report = reported("turns.py", *options)
    assert report["stored"] == 50
    assert report["longest_turn_ms"]["median"] >= report["longest_turn_cpu_ms"]["median"]


def test_a_table_is_imported_from_standard_input_as_from_a_path() -> None:
    report = reported("imports.py", "--rows", "50")
    assert (report["stdin_stored"], report["path_stored"]) == (50, 50)
    assert max(report["stdin_mb"], report["path_mb"]) <= report["limit_mb"]


def test_mockbay_is_filled_and_measured() -> None:
    report = reported("mockbay.py", "--listings", "50")
    assert report["listings"] == 50
    assert 0 < report["mb_empty"] <= report["mb_full"] < report["limit_mb"]


def test_intake_is_measured_beside_a_peer() -> None:
    report = reported("intake.py", "--listings", "20", "--rounds", "1")
    assert report["listings"] == 20
    assert all("us_a_listing" in report[kind] for kind in ("new", "unchanged"))


def test_numbers_of_a_long_table_are_read_in_time() -> None:
    report = reported("number_columns.py", "--rows", "2000", "--lists", "3")
    assert (report["rows"], report["wrong"]) == (2000, 0)
    assert report["cpu_s"] <= report["limit_s"]


def test_every_address_of_a_shop_of_any_size_answers() -> None:
    options = ("--listings", "200", "--looks", "2", "--every", "0.1", "--rounds", "1")
    report = reported("census.py", *options, "--goal", "20000")
    assert (report["health"], report["faults"]) == ({"200": 2}, [])
    statuses = {path: one["status"] for path, one in report["answers"].items()}
    assert {path for path, status in statuses.items() if status != [200]} == {
        "/api/listings?status=nosuch"
    }


def test_the_start_of_the_command_line_is_measured_beside_the_import_of_its_library() -> None:
    report = reported("startup.py", "--rounds", "1")
    assert set(report["times_import_typer"]) == {"help", "errors_explain", "listings_list_help"}


def test_health_and_bulk_posts_are_measured_beside_a_peer() -> None:
    options = ("--listings", "20", "--posts", "1", "--looks", "5", "--rounds", "1")
    report = reported("doors.py", *options)
    assert report["health"]["times_the_peer"]
    assert set(report["bulk"]["us_a_listing"]) == {"new", "unchanged", "peer", "limit"}


def test_publishing_is_measured_beside_single_calls() -> None:
    report = reported("publish.py", "--listings", "50", "--latency", "20", "--rounds", "1")
    assert set(report["cpu"]["us_a_listing"]) == {"product", "peer", "limit"}
    assert report["rate"]["of_the_bound"]
