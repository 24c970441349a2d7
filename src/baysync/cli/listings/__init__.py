"""``baysync listings``, ``imports`` and ``stock``: what the shop wants to sell."""
