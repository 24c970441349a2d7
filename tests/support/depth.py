"""How much the tests try: ``TEST_MATRIX=deep`` asks for every cell and for full numbers."""

import os

DEEP = os.environ.get("TEST_MATRIX") == "deep"


def many(usual: int, *, deep: int) -> int:
    """Return how many of something a test makes: ``deep`` where everything is asked for."""
    return deep if DEEP else usual
