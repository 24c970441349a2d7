"""What eBay shows of our listings: reading it, and saying it in our terms."""
