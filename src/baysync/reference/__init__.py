"""What eBay asks and offers, kept as a copy: business policies, categories, aspects."""
