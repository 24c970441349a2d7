"""``python -m mockbay`` is the program ``mockbay``."""

from mockbay.cli import app

app()
