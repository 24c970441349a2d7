"""From what is wanted and what eBay is known to hold to the steps between them."""
