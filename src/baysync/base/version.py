"""Which baysync this is."""

from importlib.metadata import version

VERSION = version("baysync")
