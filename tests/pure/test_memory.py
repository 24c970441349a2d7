"""Collections of garbage leave out what stays."""

import subprocess
import sys

PROGRAM = """
import gc
from baysync.base.memory import spare_what_stays
class Loaded: pass
spare_what_stays()
frozen = gc.get_freeze_count()
spare_what_stays()
print(frozen > 1_000, gc.get_freeze_count() == frozen, any(o is Loaded for o in gc.get_objects()))
"""


def test_what_is_loaded_is_looked_through_no_more() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "True", "False"]
