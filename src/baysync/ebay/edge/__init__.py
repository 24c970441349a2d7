"""The way to eBay: connections, tokens and their renewal, the pace of calls."""
