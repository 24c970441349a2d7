"""How the pages spell: ages, reasons, fields and lines."""

from datetime import UTC, datetime, timedelta

import pytest
from markupsafe import Markup

from baysync.dashboard import lines, marks, words
from baysync.dashboard.fields import description, fields
from baysync.dashboard.lines import Kind
from baysync.ebay.advice import UNKNOWN_CAUSE, UNKNOWN_FIX
from baysync.ebay.errors import known
from baysync.ebay_listing.document import document
from baysync.insight import reasons
from baysync.projection.model import Axis, Content, Group, Projection
from support import projections

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0s"), (59, "59s"), (60, "1m"), (7200, "2h"), (200_000, "2d"), (-5, "0s")],
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, said: str) -> None:
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == f"{said} ago"


def test_states_have_a_tone_or_none() -> None:
    assert [words.tone(word) for word in ("done", "retry", "dead", "manual", "odd")] == [
        "ok", "warn", "bad", "acc", "",
    ]  # fmt: skip


def test_what_stands_between_backticks_is_code_and_nothing_else_is_markup() -> None:
    assert words.coded("Run `baysync <up>` & see `x`.") == (
        "Run <code>baysync &lt;up&gt;</code> &amp; see <code>x</code>."
    )
    assert words.coded("a ` b <b>") == "a ` b &lt;b&gt;"


def test_a_block_without_words_gets_its_way_out() -> None:
    (only,) = reasons.of_block("paused", None, "shop", "EBAY_US")
    assert "baysync queue resume" in only.fix
    (odd,) = reasons.of_block("something_new", {"blocks": "no list"}, "shop", "EBAY_US")
    assert (odd.rule, odd.fix) == ("something new", "See `baysync why SKU`.")


def test_a_command_about_defaults_names_the_account_and_the_marketplace() -> None:
    block = {"fix": "`baysync accounts defaults NAME --set untracked_quantity=N`."}
    (only,) = reasons.of_block("quantity_unknown", {"blocks": [block]}, "shop", "EBAY_DE")
    assert only.fix == (
        "`baysync accounts defaults shop --marketplace EBAY_DE --set untracked_quantity=N`."
    )


def test_what_ebay_said_is_explained_where_the_id_is_known() -> None:
    explained, unknown, silent = reasons.of_errors(
        [{"error_id": 25002, "message": "Type is missing"}, {"error_id": 1, "message": "odd"}, {}],
        "shop",
        "EBAY_DE",
    )
    assert (explained.pointer, explained.rule) == ("eBay 25002", "Type is missing")
    assert explained.fix not in {"", UNKNOWN_FIX}
    assert (unknown.fix, silent.pointer) == (UNKNOWN_FIX, "eBay ?")
    assert silent.rule == UNKNOWN_CAUSE


def test_a_command_about_what_ebay_said_names_the_account_too() -> None:
    named = [
        reason.fix
        for error in known()
        for reason in reasons.of_errors([{"error_id": error}], "shop", "EBAY_DE")
        if "baysync accounts" in reason.fix
    ]
    assert named
    assert not [fix for fix in named if "NAME" in fix]
    assert any("accounts defaults shop --marketplace EBAY_DE" in fix for fix in named)


def test_what_ebay_named_is_shown_and_narrows_the_explanation() -> None:
    rows = [
        {"error_id": 25019, "message": "Cannot revise.", "parameters": {"revisionLimit": "250"}},
        {"error_id": 25013, "message": "SHIRT-L has sold.", "parameters": {"0": "SHIRT-L"}},
    ]
    rows += [{"error_id": 25002, "message": "No.", "parameters": {"aspectName": "Size"}}]
    capped, sold, lacking = reasons.of_errors(rows, "shop", "EBAY_DE")
    assert (lacking.rule, "capitals" in lacking.fix) == ("No. (aspectName: Size)", True)
    assert capped.rule == "Cannot revise. (revisionLimit: 250)"
    assert "midnight" in capped.fix
    assert (sold.rule, "quantity 0" in sold.fix) == ("SHIRT-L has sold.", True)


def test_fields_stand_side_by_side() -> None:
    published = document(Projection(quantity=5))
    desired = document(projections.LAMP)
    assert published
    assert desired
    found = {one.pointer: one for one in fields(published.blob, desired.blob)}
    assert not found["/quantity"].differs
    assert found["/price/value"].desired == "34.99"
    assert found["/price/value"].published is None
    assert found["/content/images"].desired == "\n".join(projections.LAMP.content.images)  # pyright: ignore[reportOptionalMemberAccess]
    assert "/offer/description" not in found
    assert description(published.blob, desired.blob) == "<p>A lamp.</p>"
    assert description(published.blob, None) == ""


def test_an_axis_is_told_in_words() -> None:
    axes = (Axis(name="Size", values=("S", "M")), Axis(name="Color", values=("Blue",)))
    group = document(Projection(content=Content(group=Group(axes=axes))))
    assert group
    found = {one.pointer: one.desired for one in fields(None, group.blob)}
    assert found["/content/group/axes"] == "Size: S, M\nColor: Blue"


def test_lines_are_paired_marked_and_escaped() -> None:
    (hunk,) = lines.compare({"title": "Brass <lamp>"}, {"mpn": "1", "title": "Green <lamp>"})
    kinds = [line.kind for line in hunk.lines]
    assert kinds == [Kind.SAME, Kind.CHANGED, Kind.ADDED, Kind.SAME]
    marked = [line.right for line in hunk.lines if line.kind is Kind.CHANGED]
    assert all(isinstance(text, Markup) for text in marked)
    assert "&lt;lamp&gt;" in "".join(line.left for line in hunk.lines)


def test_long_equal_stretches_are_folded_and_missing_documents_are_empty() -> None:
    same = {f"key{number:02}": number for number in range(20)}
    hunks = lines.compare({**same, "a": 1}, {**same, "a": 2})
    assert [hunk.folded for hunk in hunks] == [False, True]
    (added,) = lines.compare(None, {"a": 1})
    assert {line.kind for line in added.lines} == {Kind.ADDED}
    (removed,) = lines.compare({"a": 1}, None)
    assert {line.kind for line in removed.lines} == {Kind.REMOVED}
    assert lines.compare(None, None) == ()


def test_a_long_line_is_marked_by_sentences_and_a_longer_one_as_a_whole() -> None:
    words = " ".join(f"w{n}" for n in range(150))
    one, two = (f"<p>Same.</p>{word} {words}.<b>Kept</b>{word} {words}.</p>" for word in "ab")
    left, right = marks.marked(one, two, marks.Patience())
    assert left.startswith("&lt;p&gt;Same.&lt;/p&gt;<del>a ")
    assert left.count("<del>") == right.count("<ins>") == 2
    assert left.endswith("</del>&lt;/p&gt;")
    whole, _ = marks.marked(one, two, marks.Patience(left=0))
    assert whole.count("<del>") == 1
