"""Undo: what an import changed goes back, what somebody changed since stays."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from baysync.cli.main import app
from baysync.listing.history import wording
from baysync.listing.history.model import KeptReason, Left

pytestmark = pytest.mark.usefixtures("here")
Document = dict[str, Any]
LAMPS = [
    {"sku": f"L{n}", "title": f"Lamp {n}", "price": "10.00", "quantity": 5, "brand": "Lumo"}
    for n in range(30)
]


@pytest.fixture
def here(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a database of this test's own."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def baysync(*arguments: str, fed: str | None = None, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(arguments), input=fed)
    assert done.exit_code == code, done.output
    return done


def imported(*documents: Document, options: tuple[str, ...] = ()) -> int:
    """Import documents as JSON lines; return the id of the import."""
    lines = "\n".join(json.dumps(document) for document in documents)
    Path("lines.jsonl").write_text(lines)
    done = baysync("listings", "import", "lines.jsonl", "--json", *options)
    return int(json.loads(done.stdout.splitlines()[-1])["import"])


def patch(sku: str, **fields: object) -> Document:
    return {"op": "patch", "sku": sku, **fields}


def stored() -> dict[str, Document]:
    lines = baysync("listings", "export").stdout.splitlines()
    return {row["sku"]: row for row in map(json.loads, lines)}


def undone(import_id: int, *options: str, code: int = 0) -> list[Document]:
    done = baysync("imports", "undo", str(import_id), "--json", *options, code=code)
    return [json.loads(line) for line in done.stdout.splitlines()]


def stays(sku: str, name: str, reason: str) -> Document:
    words = wording.reason(Left((name,), KeptReason(reason)))
    return {"sku": sku, "pointer": f"/{name}", "reason": reason, "message": f"{name} {words}"}


def test_an_undo_puts_back_what_nobody_changed_since_and_lists_what_stays() -> None:
    imported(*LAMPS)
    before = stored()
    wiped = imported(
        patch("L1", brand=None, title="x"), patch("L2", brand=None), patch("L3", quantity=0)
    )
    imported(patch("L1", title="Lamp one"))
    rehearsed = undone(wiped, "--dry-run")
    assert stored()["L2"].get("brand") is None, "a dry run changes nothing"
    *lines, summary = undone(wiped)
    assert [*lines] == rehearsed[:-1]
    assert lines == [
        {"sku": "L1", "fields": ["/brand"], "left": [stays("L1", "title", "changed_since")]},
        {"sku": "L2", "fields": ["/brand"], "left": []},
        {"sku": "L3", "fields": [], "left": [stays("L3", "quantity", "stock")]},
    ]
    assert summary == {
        "import": wiped,
        "undo": summary["undo"],
        "listings": 3,
        "put_back": 2,
        "fields": 2,
        "off_sale": 0,
        "left": 2,
    }
    after = stored()
    assert after["L1"] == {**before["L1"], "title": "Lamp one"}
    assert after["L2"] == before["L2"]
    undone(summary["undo"])
    assert "brand" not in stored()["L1"], "an undo can be undone"


def test_an_undo_with_stock_gives_the_old_number_back() -> None:
    imported(*LAMPS)
    wiped = imported(patch("L3", quantity=0))
    undone(wiped, "--with-stock")
    assert stored()["L3"]["quantity"] == 5


def test_an_undo_archives_what_the_import_created_and_revives_what_it_ended() -> None:
    imported(*LAMPS)
    new = {"sku": "NEW", "title": "Vase", "price": "3"}
    second = imported(*LAMPS[:-1], new, options=("--missing", "end"))
    assert stored()["L29"]["status"] == "ended"
    undone(second)
    after = stored()
    assert after["NEW"]["status"] == "archived"
    assert "status" not in after["L29"]


def test_an_undo_that_takes_many_listings_off_sale_asks_first() -> None:
    first = imported(*LAMPS)
    done = baysync("imports", "undo", str(first), code=2)
    assert "archive or end 30 of 30 listings" in done.stderr
    assert {row.get("status", "active") for row in stored().values()} == {"active"}
    done = baysync("imports", "undo", str(first), "--yes")
    assert "comparing: 100 % 30 listings" in done.stderr
    assert "undoing: 100 % 30 listings" in done.stderr
    assert "30 of 30 listings went back" in done.stderr
    assert {row["status"] for row in stored().values()} == {"archived"}


def test_imports_are_listed_and_shown() -> None:
    assert "Nothing was imported yet" in baysync("imports", "list").stderr
    first = imported(*LAMPS[:2])
    (row,) = json.loads(baysync("imports", "list", "--json").stdout)
    assert (row["id"], row["name"], row["kind"]) == (first, "lines.jsonl", "jsonl")
    assert row["counts"]["created"] == 2
    assert "2 created" in baysync("imports", "list").stdout
    shown = json.loads(baysync("imports", "show", str(first), "--json").stdout)
    assert (shown["changed"], shown["undone_by"]) == (2, None)
    assert "changed\t2" in baysync("imports", "show", str(first)).stdout
    assert "There is no import 99" in baysync("imports", "show", "99", code=5).stderr


def test_an_undo_that_has_nothing_to_put_back_is_none() -> None:
    imported(*LAMPS[:2])
    again = imported(*LAMPS[:2])
    (totals,) = undone(again)
    assert ("undo" in totals, totals["put_back"]) == (False, 0)
    lowered = imported(patch("L1", quantity=1))
    (left, totals) = undone(lowered)
    assert ("undo" in totals, left["left"]) == (False, [stays("L1", "quantity", "stock")])
    assert [row["kind"] for row in json.loads(baysync("imports", "list", "--json").stdout)] == [
        "jsonl",
        "jsonl",
        "jsonl",
    ]


def test_many_fields_that_stay_are_shown_in_part() -> None:
    imported(*LAMPS)
    wiped = imported(*(patch(f"L{n}", quantity=0) for n in range(30)))
    done = baysync("imports", "undo", str(wiped))
    assert len(done.stdout.splitlines()) == 20 + 1
    assert done.stderr.count("--json lists them all") == 1


def test_the_history_of_a_listing_says_who_changed_what() -> None:
    shirt: Document = {
        "sku": "S",
        "title": "Shirt",
        "variants": [
            {"sku": f"S-{size}", "options": {"Size": size}, "price": "9", "quantity": 1}
            for size in ("M", "L")
        ],
    }
    first = imported(shirt)
    changed = {**shirt, "brand": "Lumo", "title": "T-shirt", "aspects": {"Fit": ["Slim"]}}
    rows: list[Document] = [{**shirt["variants"][0], "price": "8"}]
    second = imported({**changed, "variants": rows, "overrides": {"EBAY_DE": {"title": "Hemd"}}})
    versions = json.loads(baysync("listings", "history", "S", "--json").stdout)
    assert [(one["version"], one["kind"], one["import"]) for one in versions] == [
        (2, "jsonl", second),
        (1, "jsonl", first),
    ]
    assert versions[1]["changed"] == "created"
    for words in (
        "title",
        "price of S-M",
        "variant S-L taken out",
        "brand added",
        "aspect Fit added",
        "title on EBAY_DE added",
    ):
        assert words in versions[0]["changed"]
    assert "There is no listing X" in baysync("listings", "history", "X", code=5).stderr


def test_a_restore_shows_what_it_changes_and_asks() -> None:
    imported(LAMPS[0])
    imported({"sku": "L0", "title": "Broken", "price": "1", "quantity": 1})
    before = stored()
    done = baysync("listings", "restore", "L0", "--version", "1", code=2)
    assert "--yes" in done.stderr
    assert stored() == before
    done = baysync("listings", "restore", "L0", "--version", "1", "--yes")
    assert "quantity" in done.stdout
    assert stored()["L0"] == {**LAMPS[0], "quantity": 1}
    done = baysync("listings", "restore", "L0", "--version", "1", "--yes", "--with-stock", "--json")
    assert json.loads(done.stdout) == {"sku": "L0", "fields": ["/quantity"], "left": []}
    assert stored()["L0"] == LAMPS[0]
    again = baysync("listings", "restore", "L0", "--version", "1", "--yes")
    assert "is as in version 1" in again.stderr
    missing = baysync("listings", "restore", "L0", "--version", "77", "--yes", code=5)
    assert "Version 77 of L0 is not kept" in missing.stderr


def test_stock_that_a_person_sets_is_a_version_of_that_person() -> None:
    imported(*LAMPS[:1])
    baysync("stock", "set", "L0=3")
    newest, first = json.loads(baysync("listings", "history", "L0", "--json").stdout)
    assert newest["actor"] == first["actor"]
    assert newest["actor"].startswith("cli:")
