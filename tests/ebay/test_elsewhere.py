"""The adapter suite meets another eBay by nothing but an address and credentials."""

import os
import re
import subprocess
import sys
from pathlib import Path

from mockbay.client import running

SUITE = Path(__file__).with_name("test_against_mockbay.py")


def test_the_suite_meets_an_ebay_that_is_already_running() -> None:
    with running("--seed", "5") as mock:
        keys = mock.credentials
        environment = os.environ | {
            "TEST_EBAY_URL": mock.url,
            "TEST_EBAY_CLIENT_ID": keys["client_id"],
            "TEST_EBAY_CLIENT_SECRET": keys["client_secret"],
            "TEST_EBAY_RU_NAME": keys["ru_name"],
            "TEST_EBAY_REFRESH_TOKEN": keys["refresh_token"],
        }
        chosen = "live_in_bulk or in_the_way or twice or gone or followed or one_bad_row"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", str(SUITE), "-k", chosen]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert re.search("5 passed, 1 skipped", ran.stdout), "faults cannot be planned elsewhere"
        assert len(mock.journal("publishOffer", bodies=False)) == 0
        assert mock.journal("bulkPublishOffer", bodies=False)
        assert mock.items() == {}, "it leaves nothing behind"
