"""Listings are found by the SKUs of their variants, and by what their shop calls the product."""

from baysync.db.revision import execute

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the SKUs of variants, filled from the bodies, and the identity."""
    execute("""
        ALTER TABLE listing
            ADD COLUMN variant_skus text[] COLLATE "C" NOT NULL DEFAULT '{}',
            ADD COLUMN identity text COLLATE "C";
        COMMENT ON COLUMN listing.variant_skus IS 'the SKUs of its variants';
        COMMENT ON COLUMN listing.identity IS
            'what its shop calls the product for life, as in shopify:HANDLE';
        UPDATE listing SET variant_skus = named.skus
        FROM (
            SELECT l.id, array_agg(variant ->> 'sku' ORDER BY variant ->> 'sku') AS skus
            FROM listing l,
                jsonb_array_elements(convert_from(l.body, 'UTF8')::jsonb -> 'variants') AS variant
            GROUP BY l.id
        ) AS named
        WHERE named.id = listing.id;
        CREATE INDEX ix_listing_variant_skus ON listing USING gin (variant_skus);
        CREATE UNIQUE INDEX ux_listing_identity ON listing (identity)
            WHERE identity IS NOT NULL;
    """)
