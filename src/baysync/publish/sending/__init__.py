"""From the steps to calls, and from answers to what became of each item."""
