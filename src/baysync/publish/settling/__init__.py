"""From how a change ended to one decision and one transaction."""
