"""What was sold: order lines, how far orders are read, and what each eBay listing sold."""

from baysync.db.revision import execute

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the ledger, the place where reading it goes on, and the sum of each listing."""
    _ebay_order_line()
    _order_poll()
    _v_sold()


def _ebay_order_line() -> None:
    execute("""
        CREATE TABLE ebay_order_line (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            account_id bigint NOT NULL REFERENCES account,
            order_id text NOT NULL,
            line_item_id text NOT NULL,
            ebay_listing_id bigint REFERENCES ebay_listing,
            ebay_item_id bigint REFERENCES ebay_item,
            sku text,
            external_item_id text,
            marketplace text,
            quantity integer NOT NULL CHECK (quantity >= 0),
            total numeric,
            currency text,
            payment_status text,
            cancel_state text,
            cancelled boolean NOT NULL,
            sold_at timestamptz NOT NULL,
            modified_at timestamptz,
            read_at timestamptz NOT NULL DEFAULT now(),
            UNIQUE (account_id, order_id, line_item_id)
        );
        CREATE INDEX ix_ebay_order_line_listing ON ebay_order_line (ebay_listing_id, id);
        CREATE INDEX ix_ebay_order_line_sku ON ebay_order_line (sku, id);
        CREATE INDEX ix_ebay_order_line_unlinked ON ebay_order_line (account_id)
            WHERE ebay_listing_id IS NULL;
        CREATE INDEX ix_ebay_listing_external ON ebay_listing (external_item_id)
            WHERE external_item_id IS NOT NULL;
        COMMENT ON TABLE ebay_order_line IS 'what was sold on eBay; nothing about the buyer';
        COMMENT ON COLUMN ebay_order_line.sku IS 'as eBay names it: see ebay_item.ebay_sku';
        COMMENT ON COLUMN ebay_order_line.sold_at IS
            'when eBay says the order was made, else when it changed, else when it was read';
    """)


def _order_poll() -> None:
    execute("""
        CREATE TABLE order_poll (
            account_id bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
            read_to timestamptz,
            polled_at timestamptz,
            error text
        );
        COMMENT ON COLUMN order_poll.read_to IS
            'every order that changed before this (by eBay''s clock) was read, late ones aside';
        COMMENT ON COLUMN order_poll.polled_at IS 'when orders were last read to the end';
        COMMENT ON COLUMN order_poll.error IS 'why they were not the last time, else NULL';
    """)


def _v_sold() -> None:
    execute("""
        CREATE VIEW v_sold AS
        SELECT ebay_listing_id,
            coalesce(sum(quantity) FILTER (WHERE NOT cancelled), 0) AS units_sold,
            coalesce(sum(quantity) FILTER (WHERE cancelled), 0) AS units_cancelled,
            max(sold_at) FILTER (WHERE NOT cancelled) AS last_sold_at
        FROM ebay_order_line WHERE ebay_listing_id IS NOT NULL
        GROUP BY ebay_listing_id;
    """)
