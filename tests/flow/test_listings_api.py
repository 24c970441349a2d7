"""The listing routes over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from baysync.db.connection import Db
from baysync.listing.lines import LONGEST_LINE
from support.api_shop import Shop, open_shop


@pytest.fixture
async def shop(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Shop]:
    async with open_shop(database, tmp_path, monkeypatch) as opened:
        yield opened


LAMP = {"sku": "LAMP/1 ü", "title": "Lamp", "price": "49.90", "quantity": 3}
AT = "/LAMP%2F1%20%C3%BC"


async def test_a_listing_is_made_read_replaced_changed_and_archived(shop: Shop, db: Db) -> None:
    made = await shop.ask("POST", "", LAMP)
    assert (made.status, made.json["outcome"]) == (201, "created")
    assert made.headers["Location"] == f"/api/listings{AT}"
    read = await shop.ask("GET", AT)
    assert read.json == LAMP
    assert read.headers["ETag"] == made.headers["ETag"]
    same = await shop.ask("GET", AT, If_None_Match=read.headers["ETag"])
    assert (same.status, same.text) == (304, "")
    assert (await shop.ask("POST", "", LAMP)).json["outcome"] == "unchanged"
    put = await shop.ask("PUT", AT, {"title": "Brass lamp", "price": 5})
    assert (put.status, put.json["outcome"]) == (200, "updated")
    patched = await shop.ask("PATCH", AT, {"quantity": 2, "price": None})
    assert patched.json["outcome"] == "updated"
    assert (await shop.ask("GET", AT)).json == {
        "sku": "LAMP/1 ü",
        "title": "Brass lamp",
        "quantity": 2,
    }
    assert (await shop.ask("DELETE", AT)).status == 200
    assert (await shop.ask("GET", AT)).json["status"] == "archived"
    cursor = await db.execute("SELECT count(*) FROM listing WHERE projected_version < version")
    assert await cursor.fetchone() == (0,), "what changed is projected in the same transaction"


async def test_of_two_changes_meant_for_one_state_the_second_is_refused(shop: Shop) -> None:
    tag = (await shop.ask("POST", "", LAMP)).headers["ETag"]
    first = await shop.ask("PATCH", AT, {"quantity": 2}, If_Match=tag)
    assert first.status == 200
    second = await shop.ask("PATCH", AT, {"quantity": 1}, If_Match=tag)
    assert (second.status, second.json["current"]["quantity"]) == (412, 2)
    assert second.headers["ETag"] == first.headers["ETag"]
    assert (await shop.ask("PUT", "/new", {}, If_Match="*")).status == 412
    assert (await shop.ask("DELETE", AT, If_Match=f'"x", {first.headers["ETag"]}')).status == 200


async def test_what_is_stored_already_is_not_made_anew(shop: Shop) -> None:
    made = await shop.ask("PUT", AT, LAMP, If_None_Match="*")
    assert made.status == 201
    tag = made.headers["ETag"]
    for tags in ("*", tag, f'"x", W/{tag}'):
        again = await shop.ask("PUT", AT, {"title": "Another"}, If_None_Match=tags)
        assert (again.status, again.json["current"]) == (412, LAMP)
    assert (await shop.ask("GET", AT, If_None_Match=f"W/{tag}")).status == 304
    other = await shop.ask("PUT", AT, {"title": "Another"}, If_None_Match='"x"')
    assert other.status == 200, "only what was named is kept"


async def test_of_changes_at_once_meant_for_one_state_one_wins_and_its_tag_is_its_own(
    shop: Shop,
) -> None:
    tag = (await shop.ask("POST", "", LAMP)).headers["ETag"]
    for turn in range(3):
        answers = await asyncio.gather(
            shop.ask("PATCH", AT, {"quantity": turn + 4}, If_Match=tag),
            shop.ask("PUT", AT, {**LAMP, "title": f"Lamp {turn}"}, If_Match=tag),
            shop.ask("PATCH", AT, {"brand": f"Brand {turn}"}, If_Match=f'W/{tag}, "x", {tag}'),
        )
        assert sorted(answer.status for answer in answers) == [200, 412, 412]
        (tag,) = {answer.headers["ETag"] for answer in answers}
        assert tag == (await shop.ask("GET", AT)).headers["ETag"]
    assert (await shop.ask("PATCH", AT, {"quantity": 1}, If_Match=f"W/{tag}")).status == 412


async def test_every_field_that_does_not_fit_is_pointed_at(shop: Shop) -> None:
    answer = await shop.ask("POST", "", {"sku": "a", "price": 0, "quantity": 1.5, "titel": "x"})
    assert answer.status == 422
    assert answer.rules == {
        "/price": "price_out_of_range",
        "/quantity": "not_an_integer",
        "/titel": "unknown_field",
        "/title": "missing_title",
        "/description": "missing_description",
        "/images": "missing_image",
    }
    assert answer.json["detail"] == "6 fields do not fit."
    assert all(error["fix"] and error["detail"] for error in answer.json["errors"])


async def test_what_only_ebay_forbids_is_stored_and_said(shop: Shop) -> None:
    answer = await shop.ask("POST", "", LAMP | {"title": "x" * 81, "description": "<script>"})
    assert answer.status == 201
    assert answer.json["stripped"] == 1
    assert answer.json["problems"][0]["rule"] == "title_too_long"


async def test_an_edit_that_turns_the_kind_says_what_ebay_makes_of_it(shop: Shop) -> None:
    await shop.ask("POST", "", LAMP)
    variants = [{"sku": f"V-{n}", "options": {"Size": n}, "quantity": 1} for n in "SM"]
    turned = {"op": "patch", "sku": LAMP["sku"], "variants": variants}
    answers = await shop.bulk(turned, {**LAMP})
    assert ["ends before the new one begins" in answer["notes"][0] for answer in answers] == [
        True,
        True,
    ]
    answer = await shop.ask("PATCH", AT, {"variants": variants})
    kind = f"{LAMP['sku']} is now a listing with variants"
    assert answer.json["notes"] == [f"{kind}: on eBay the old one ends before the new one begins"]


MISTAKES: list[tuple[str, str, object, int]] = [
    ("GET", "/none", None, 404),
    ("PATCH", "/none", {"title": "x"}, 404),
    ("DELETE", "/none", None, 404),
    ("PUT", "/a", {"sku": "b"}, 422),
    ("PATCH", "/a", {"sku": None}, 404),
    ("PUT", "/a", [], 422),
    ("POST", "", {"title": "no sku"}, 422),
    ("POST", "", {"sku": "x" * 201}, 422),
    ("POST", "", b'{"sku": "a", "sku": "b"}', 400),
    ("POST", "", b'{"sku": "a", "quantity": ' + b"9" * 5000 + b"}", 400),
    ("POST", "", b'{"sku": "a", "title": "\\ud800"}', 422),
    ("POST", "", b"[" * 200_000, 400),
    ("POST", "", b"\xff", 400),
    ("POST", "", b" " * (LONGEST_LINE + 1), 413),
    ("GET", "?limit=0", None, 422),
    ("GET", "?limit=-1", None, 422),
    ("GET", "?limit=1000000000", None, 422),
    ("GET", "?limit=1&limit=2", None, 422),
    ("GET", "?status=gone", None, 422),
    ("GET", "?cursor=!", None, 400),
    ("GET", "?cursor=c2t1OgA=", None, 400),
]


async def test_mistakes_are_answered_as_problems(shop: Shop) -> None:
    for method, path, body, status in MISTAKES:
        answer = await shop.ask(method, path, body)
        assert (method, path, answer.status) == (method, path, status), answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["detail"]


async def test_a_body_without_announced_length_is_bounded_too(shop: Shop) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b" " * (1 << 20)

    url = f"{shop.url}/api/listings"
    async with shop.session.post(url, data=endless()) as answer:
        assert answer.status == 413


async def test_pages_lead_to_each_other(shop: Shop) -> None:
    await shop.bulk(*({"sku": f"s{n}", "status": "draft"} for n in range(5)), {"sku": "x"})
    first = await shop.ask("GET", "?limit=3&status=draft")
    assert [item["sku"] for item in first.json["items"]] == ["s0", "s1", "s2"]
    onward = first.headers["Link"].partition("<")[2].partition(">")[0]
    second = await shop.ask("GET", onward.removeprefix("/api/listings"))
    assert [item["sku"] for item in second.json["items"]] == ["s3", "s4"]
    assert second.json["next_cursor"] is None
    assert "Link" not in second.headers


async def test_every_line_of_a_bulk_is_answered(shop: Shop) -> None:
    answers = await shop.bulk(
        {"sku": "a", "title": "Lamp", "hash": "h1"},
        "",
        {"sku": "a", "price": -1},
        {"op": "patch", "sku": "b", "quantity": 1},
        "{",
        {"sku": "a", "title": "Vase", "description": "<script>x</script>"},
        {"op": "patch", "sku": "a", "quantity": 4},
    )
    assert [(a["line"], a["sku"], a["outcome"]) for a in answers] == [
        (1, "a", "superseded"),
        (3, "a", "rejected"),
        (4, "b", "rejected"),
        (5, None, "rejected"),
        (6, "a", "superseded"),
        (7, "a", "created"),
    ]
    assert answers[4]["stripped"] == 1
    assert (await shop.ask("GET", "/a")).json["quantity"] == 4


async def test_only_listings_whose_hash_is_unknown_are_asked_for(shop: Shop) -> None:
    asked = [{"sku": "a", "hash": "h1"}, {"sku": "b", "hash": "h2"}]
    assert [a["outcome"] for a in await shop.bulk(*asked)] == ["send", "send"]
    await shop.bulk({"sku": "a", "title": "Lamp", "hash": "h1"})
    assert [a["outcome"] for a in await shop.bulk(*asked)] == ["unchanged", "send"]


async def test_a_bulk_is_taken_in_pieces_of_any_size(shop: Shop) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"sku": "a'
        yield b'1"}\n\n{"sku": "a2"}\n{"sku": "'
        for _ in range(5):
            yield b"x" * (1 << 20)
        yield b'"}\n{"sku": "a3", "description": "' + b"y" * 400_000
        yield b'"}\n' + b" " * (LONGEST_LINE + 1) + b"\n" + b'{"sku": "a4"}'

    url = f"{shop.url}/api/listings/bulk"
    async with shop.session.post(url, data=pieces()) as answer:
        answers = [json.loads(line) for line in (await answer.text()).splitlines()]
    assert [(a["line"], a["sku"], a["outcome"]) for a in answers] == [
        (1, "a1", "created"),
        (3, "a2", "created"),
        (4, None, "rejected"),
        (5, "a3", "created"),
        (7, "a4", "created"),
    ]


async def test_thousands_of_lines_are_answered_each(shop: Shop) -> None:
    lines = [{"sku": f"s{n % 2500}", "title": "t"} for n in range(3000)]
    answers = await shop.bulk(*lines)
    assert [a["line"] for a in answers] == list(range(1, 3001))
    assert sum(a["outcome"] == "created" for a in answers) == 2500


async def test_the_versions_of_a_listing_say_who_changed_what(shop: Shop) -> None:
    await shop.ask("POST", "", LAMP)
    await shop.ask("PATCH", AT, {"title": "Brass lamp", "price": None})
    answer = await shop.ask("GET", f"{AT}/versions")
    assert answer.json["sku"] == LAMP["sku"]
    newest, oldest = answer.json["items"]
    assert (newest["version"], newest["kind"], newest["actor"]) == (2, "api", "http:local")
    assert sorted(newest["changed"]) == ["/price", "/title"]
    assert sorted(oldest["changed"]) == ["/price", "/quantity", "/sku", "/title"]
    await shop.bulk({"op": "patch", "sku": LAMP["sku"], "brand": "Lumo"})
    newest = (await shop.ask("GET", f"{AT}/versions")).json["items"][0]
    assert (newest["actor"], newest["changed"]) == ("http:local", ["/brand"])
    assert (await shop.ask("GET", "/none/versions")).status == 404
