"""Whose a field of eBay's documents is, and how what a seller set survives our replacements."""
