"""What nobody outside eBay can know, or what a test may want otherwise: each is a switch."""

from typing import Annotated, Literal

import msgspec

Clashing = Literal["warned", "dropped", "refused"]
"""What becomes of a field that cannot stand beside another."""

Canary = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{12})?$")]
"""12 hexadecimal digits, so that what carries them keeps its form; or none."""


class Switches(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The settings of one mock; ``GET|PATCH /_mock/switches`` shows and changes them.

    Attributes:
        clock: ``virtual`` stands still until advanced; ``real`` runs with the machine's clock, as
            ``mockbay serve`` begins.
        strict_headers: refuse a call of the inventory API with ``Accept-Language: *``, or with
            neither it nor ``Content-Language`` (25709), and, in every API, a body without
            ``Content-Type`` (2004).
        strict_fields: refuse unknown fields of a body (2004) instead of ignoring them.
        empty_query: what ``?limit=`` without a value is: ``missing`` or ``given``.
        strict_types: refuse a number where text belongs, and the text of a number or of a truth
            value where those belong (2004), instead of reading them.
        basic_scope_tokens: whose tokens the calls for the basic scope ``api_scope`` take: any that
            has it (``scope``), or only those of an ``application``. These calls are taxonomy, rate
            limits, destinations and public keys of notifications.
        any_category: take any number for a leaf category that permits every condition and asks for
            no aspect.
        strict_sku: permit letters and digits only in a SKU (25707).
        price_quantity_max_skus: rows of one bulk price and quantity call; 1 refuses batches.
        minimum_rule: buyers see min(item, offer) quantity; off: the offer's alone when it has one.
        item_quantity_drops_on_sale: a sale also lowers the item's own quantity.
        republish: what publishing a live offer answers: ``warning`` (200, 25402) or ``error``.
        republish_at_zero: an offer published again goes live with quantity 0.
        withdraw_again: which error withdrawing an ended offer gets.
        stale_listing_after_withdraw: a withdrawn offer still shows its dead listing.
        missing_item: how the read of an item that is not there fails; ``404`` says no more.
        no_offers: a SKU without offers answers 404 with ``25713``, or an ``empty`` list.
        duplicate_offer: how a second offer of a SKU fails: with the id of the first, without, or
            as a row that is there twice.
        updated: what replacing an item or a group answers when there is nothing to warn of.
        mixed_rows: the status of a bulk answer of which some rows failed, not all.
        locale_exact: an item's locale must equal the marketplace's, not only its language.
        exact_aspects: capitals count in the names of aspects and in their listed values.
        item_offset: ``offset`` of the item list counts ``pages`` or ``records``.
        revision_cap: revisions of a listing per Pacific day; null lifts it.
        revision_error_id: which error a revision beyond the cap gets.
        variation_limit: most variations of a group.
        axis_limit: most axes of a group.
        axis_values_limit: most values of one axis.
        selling_limit: units on sale per seller; null lifts it.
        quota: calls per API, and per grant of the token call, and Pacific day; null: as many as
            eBay documents.
        reference_quota: the same for taxonomy and metadata, which have quotas of their own.
        burst_calls: calls per API within any ``burst_ms``; null lifts it.
        burst_ms: how long the window of ``burst_calls`` is.
        retry_after: seconds named by a 429 for quota; null sends no such header.
        hold_allows_revision: revising a listing on hold warns (25096) instead of failing (25097).
        order_lag_ms: how long after a sale its order can be read.
        refund_lag_ms: how long a refund is pending.
        feed_lag_ms: how long a report of the feed API takes.
        condition_extras: a condition note or descriptors beside a condition that takes none are
            ``dropped`` with a warning, ``refused``, or kept and ``warned`` of.
        other_product: an ePID beside another brand or product number than its own.
        best_offer_amounts: an automatic answer to best offers at or above the price.
        compared_prices: a former or advertised price at or below the price.
        other_currency: an amount of an offer in another currency than its price.
        shipping_overrides: shipping costs overridden for another fulfillment policy.
        second_category: a second category that is the first.
        tax_category: a tax category where no tax is applied.
        concurrent_writes: a write to an item or group that another call is writing is ``refused``
            (25025) or ``permitted``.
        error_dialect: ``plain``, or ``odd``: other casing, ``subDomain``, another language.
        canary: 12 hexadecimal digits that stand in every token and code, and in a buyer's name,
            street and e-mail. From the next reset on they stand in the client secret too. Nothing
            changes its form. Search for them in what your program keeps and shows.
        journal_bodies: keep request bodies in the journal.
    """

    clock: Literal["virtual", "real"] = "virtual"
    strict_headers: bool = True
    strict_fields: bool = False
    empty_query: Literal["missing", "given"] = "missing"
    strict_types: bool = False
    basic_scope_tokens: Literal["scope", "application"] = "scope"
    any_category: bool = False
    strict_sku: bool = False
    price_quantity_max_skus: int = 25
    minimum_rule: bool = True
    item_quantity_drops_on_sale: bool = True
    republish: Literal["warning", "error"] = "warning"
    republish_at_zero: bool = False
    withdraw_again: Literal[25713, 25002] = 25713
    stale_listing_after_withdraw: bool = False
    missing_item: Literal["404 25710", "400 25702", "404"] = "404 25710"
    no_offers: Literal["25713", "empty"] = "25713"
    duplicate_offer: Literal["25002 with offerId", "25002", "25729"] = "25002 with offerId"
    updated: Literal[204, 200] = 204
    mixed_rows: Literal[207, 200, 400] = 207
    locale_exact: bool = False
    exact_aspects: bool = True
    item_offset: Literal["pages", "records"] = "pages"
    revision_cap: int | None = 250
    revision_error_id: int = 25019
    variation_limit: int = 250
    axis_limit: int = 5
    axis_values_limit: int = 60
    selling_limit: int | None = None
    quota: int | None = None
    reference_quota: int | None = None
    burst_calls: int | None = None
    burst_ms: int = 5_000
    retry_after: int | None = None
    hold_allows_revision: bool = False
    order_lag_ms: int = 0
    refund_lag_ms: int = 0
    feed_lag_ms: int = 0
    condition_extras: Clashing = "dropped"
    other_product: Clashing = "warned"
    best_offer_amounts: Clashing = "refused"
    compared_prices: Clashing = "warned"
    other_currency: Clashing = "refused"
    shipping_overrides: Clashing = "warned"
    second_category: Clashing = "warned"
    tax_category: Clashing = "refused"
    concurrent_writes: Literal["refused", "permitted"] = "refused"
    error_dialect: Literal["plain", "odd"] = "plain"
    canary: Canary = ""
    journal_bodies: bool = True


def switched(switches: Switches, changes: dict[str, object]) -> Switches:
    """Return the switches with some changed.

    Raises:
        msgspec.ValidationError: a name is unknown or a value does not fit.
    """
    return msgspec.convert({**msgspec.to_builtins(switches), **changes}, Switches)
