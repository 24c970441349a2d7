"""What a process spares itself."""

import gc
from functools import cache


@cache
def spare_what_stays() -> None:
    """Leave what is loaded out of all later collections of garbage; once, when all is loaded.

    Modules and their classes never die. To look through them again and again takes a tenth of
    the CPU of imports and of publishing.
    """
    gc.freeze()
