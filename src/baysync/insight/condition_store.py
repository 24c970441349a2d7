"""What the words of pages and figures mean in SQL, each once.

The aliases are those of every statement that takes one in: ``e`` is an ebay_listing, ``q`` a row of
ebay_change_queue, ``d`` one of ebay_failed_event, ``a`` an account. ebay_failed_event is the table
of dead letters.
"""

from psycopg import sql

IS_LIVE = sql.SQL("e.lifecycle_state = 'live'")
IS_OVER = sql.SQL("e.lifecycle_state IN ('ended', 'removed')")
IS_BLOCKED = sql.SQL("e.blocked_reason IS NOT NULL")
# In the words of ix_ebay_listing_unsettled, by which they are found.
IS_IN_DOUBT = sql.SQL("""
    e.verify_at IS NOT NULL
    AND (e.desired_hash IS DISTINCT FROM e.published_hash OR e.verify_at IS NOT NULL)
""")
IS_ACTIVE = sql.SQL("q.status IN ('pending', 'processing')")
IS_OPEN = sql.SQL("d.resolved_at IS NULL")
# A pause that ran out is tried by one call, and goes on until that one is answered.
IS_PAUSED = sql.SQL("(a.paused_until > now() OR a.pause_failures > 0)")
STOPPED_BY = sql.SQL("""
    CASE WHEN a.state <> 'connected' THEN a.state
        WHEN {is_paused} THEN coalesce(a.paused_reason, 'paused') END
""").format(is_paused=IS_PAUSED)
PAUSED_KIND = sql.SQL("CASE WHEN {is_paused} THEN a.paused_kind END").format(is_paused=IS_PAUSED)
