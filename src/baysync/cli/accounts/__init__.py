"""``baysync accounts``: the sellers, how they are connected, and what they say of listings."""
