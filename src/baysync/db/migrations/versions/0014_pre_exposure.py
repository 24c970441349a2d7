"""From where sales are counted, and the units that were for sale once more after they were sold."""

from baysync.db.revision import execute

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Let an item know its last number, and keep exposures."""
    execute("""
        ALTER TABLE ebay_item
            ADD COLUMN pushed_quantity integer,
            ADD COLUMN sold_at_push integer;
        COMMENT ON COLUMN ebay_item.sold_quantity IS
            'units that eBay last said were sold in this listing';
        COMMENT ON COLUMN ebay_item.pushed_quantity IS
            'the number of the shop that went out last';
        COMMENT ON COLUMN ebay_item.sold_at_push IS
            'units sold before it went out; NULL where eBay was not asked';
        UPDATE ebay_item SET pushed_quantity = quantity WHERE offer_id IS NOT NULL;

        CREATE TABLE ebay_exposure (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ebay_listing_id bigint NOT NULL REFERENCES ebay_listing ON DELETE CASCADE,
            ebay_sku text NOT NULL,
            units integer NOT NULL CHECK (units > 0),
            since timestamptz NOT NULL,
            found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            taken_back_at timestamptz,
            correlation_id text NOT NULL
        );
        COMMENT ON TABLE ebay_exposure IS
            'units that were sold and that a call of ours put back on sale';
        COMMENT ON COLUMN ebay_exposure.since IS 'they were not on sale before this';
        COMMENT ON COLUMN ebay_exposure.taken_back_at IS
            'they were not on sale after this; NULL while they are';
        CREATE INDEX ix_ebay_exposure_listing ON ebay_exposure (ebay_listing_id, found_at);
        CREATE INDEX ix_ebay_exposure_on_sale ON ebay_exposure (ebay_listing_id)
            WHERE taken_back_at IS NULL;
    """)
