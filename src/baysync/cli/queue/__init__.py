"""``baysync queue``, ``dead`` and ``publish``: changes on their way to eBay."""
