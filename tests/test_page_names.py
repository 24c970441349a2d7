"""What pages name between backticks and looks like code stands in the code."""

import pytest

from support.page_names import EXAMPLES, exists, kind, names


@pytest.mark.parametrize(("page", "span"), names())
def test_a_name_that_looks_like_code_exists(page: str, span: str) -> None:
    assert exists(span), f"{page}: there is no {kind(span)} {span}"


@pytest.mark.parametrize(
    ("looks", "real", "gone"),
    [
        ("setting", "BAYSYNC_LEASE", "BAYSYNC_LEASES"),
        ("setting", "EBAY_PUBLISH_MAX_ATTEMPTS=3", "EBAY_PUBLISH_ATTEMPTS=3"),
        ("option", "--missing end", "--absent end"),
        ("route", "GET /api/listings?limit=&cursor=", "GET /api/listings?limit=&kursor="),
        ("route", "PATCH /api/listings/SHIRT-M", "PATCH /api/listings/SHIRT-M/versions"),
        ("route", "POST faults/{id}/release", "POST faults/{id}/released"),
        ("route", "GET·PATCH switches", "GET·PUT switches"),
        ("address", "/api/health", "/api/healthy"),
        ("file", "src/baysync/queue/rules.py", "src/baysync/queue/rule.py"),
        ("file", "queue/", "queues/"),
        ("function", "seller_edit(sku, ...)", "seller_edits(sku, ...)"),
        ("function", "await intake.put(connection, listing)", "await intake.place(listing)"),
        ("path", "baysync.listing.model.Listing", "baysync.listing.model.Listed"),
        ("path", "store.claim", "store.extend"),
        ("path", "queue.reaped", "queue.unheard_of"),
        ("path", "Published.clears", "Published.cleared_up"),
        ("path", "stock.buffer", "stock.bufferless"),
        ("name", "ebay_change_queue", "ebay_changes_queue"),
        ("name", "createOffer", "createOffering"),
        ("name", "baysync_queue_reaped_total", "baysync_queue_reaped_sum"),
        ("command", "imports undo", "imports takeback"),
    ],
)
def test_a_name_is_known_by_its_looks_and_a_wrong_one_is_noticed(
    looks: str, real: str, gone: str
) -> None:
    assert (kind(real), kind(gone)) == (looks, looks)
    assert exists(real)
    assert not exists(gone)


@pytest.mark.parametrize("span", ["1.50", "Price", "NEW", "kill -9", "on hand", "{}", "EBAY"])
def test_values_and_words_of_files_do_not_look_like_code(span: str) -> None:
    assert kind(span) is None


def test_no_example_is_excused_that_exists() -> None:
    assert [span for span in EXAMPLES if kind(span) is None or exists(span)] == []
