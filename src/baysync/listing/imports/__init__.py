"""Imports: each file of listings that was read, and each undo of one."""
