"""Whose the leaves of eBay's documents are, and what snapshots keep of the seller's."""

from baysync.db.revision import execute

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the table of documents; rows of older programs are made with their next change."""
    execute("""
        CREATE TABLE ebay_document (
            ebay_listing_id bigint NOT NULL REFERENCES ebay_listing ON DELETE CASCADE,
            kind text NOT NULL CHECK (kind IN ('item', 'offer', 'group')),
            variant_key text NOT NULL DEFAULT '',
            owned jsonb NOT NULL,
            carried bytea,
            rebuild bytea,
            PRIMARY KEY (ebay_listing_id, kind, variant_key)
        ) WITH (fillfactor = 80);
        COMMENT ON TABLE ebay_document IS
            'items, offers and groups of which a body of ours stands or may stand at eBay';
        COMMENT ON COLUMN ebay_document.owned IS
            'JSON pointers of the leaves that bodies of ours said; all others are the seller''s';
        COMMENT ON COLUMN ebay_document.carried IS
            'JSON (zstd) of the seller''s part as eBay showed it last; NULL where never read';
        COMMENT ON COLUMN ebay_document.rebuild IS
            'JSON (zstd) of a document that was deleted to be made anew, until it is';

        ALTER TABLE ebay_listing_snapshot ADD COLUMN carried bytea, ADD COLUMN carried_hash bytea;
        COMMENT ON COLUMN ebay_listing_snapshot.carried IS
            'JSON (zstd) of what the seller set beside the document, by item, offer and group';
        COMMENT ON COLUMN ebay_listing_snapshot.carried_hash IS 'SHA-256 of it';
    """)
