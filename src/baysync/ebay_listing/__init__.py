"""What is wanted on eBay and known to be there: locks, desired and published documents, blocks."""
