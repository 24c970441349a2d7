"""How listings stand on eBay, what happened to them, and which of them a filter means."""
