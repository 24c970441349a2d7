"""Which version of the mock runs."""

from importlib.metadata import version

VERSION = version("baysync")
"""mockbay is delivered with baysync and has its version."""
