"""``baysync demo``: a small shop of our own making meets a local eBay, start to finish."""
