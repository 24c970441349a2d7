"""What eBay held when an account was connected: the items and groups of other programs."""

from baysync.db.revision import execute

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Create the tables; the items of accounts that are connected are read once, as at connect."""
    execute("""
        CREATE TABLE item_survey (
            account_id bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
            begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            passes smallint NOT NULL DEFAULT 0,
            pages integer NOT NULL DEFAULT 0,
            items integer NOT NULL DEFAULT 0,
            total integer,
            moved boolean NOT NULL DEFAULT false,
            next_page text,
            due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            failures smallint NOT NULL DEFAULT 0,
            error text,
            done_at timestamptz
        );
        CREATE INDEX ix_item_survey_due ON item_survey (due_at) WHERE done_at IS NULL;
        COMMENT ON TABLE item_survey IS
            'how far the items that eBay held at connect are read, page by page, per account';
        COMMENT ON COLUMN item_survey.items IS 'rows that the pages of this pass showed';
        COMMENT ON COLUMN item_survey.total IS 'how many items eBay said there are';
        COMMENT ON COLUMN item_survey.moved IS
            'whether that number changed in this pass: an item may have slipped between two pages';
        COMMENT ON COLUMN item_survey.next_page IS 'path of the page to read next, NULL: the first';
        COMMENT ON COLUMN item_survey.due_at IS
            'when it may be read on: after whoever reads it now is done or lost, or eBay failed';

        CREATE TABLE surveyed_document (
            account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
            kind text NOT NULL CHECK (kind IN ('item', 'group')),
            name text NOT NULL,
            PRIMARY KEY (account_id, kind, name)
        );
        COMMENT ON TABLE surveyed_document IS
            'items by SKU and groups by key, without case, that eBay held when the account was '
            'connected: they are read before they are first replaced. Kept until the account is '
            'connected again or erased';

        INSERT INTO item_survey (account_id) SELECT id FROM account WHERE state = 'connected';
    """)
