"""How many listings one transaction takes: whoever edits one of them waits for it, 5 s at most.

Pure. A listing weighs what there is to decide: itself and its variants, for each marketplace.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MOST = 1000  # a quarter of a second where the machine has nothing else to do
LEAST = 20
TARGET_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What the listings of the next transaction may weigh together; less on a slow machine."""

    budget: int = MOST

    def after(self, seconds: float) -> "Pace":
        """Return the pace after a transaction that took so long."""
        if seconds > TARGET_SECONDS:
            return Pace(max(LEAST, round(self.budget * TARGET_SECONDS / seconds)))
        return Pace(min(MOST, self.budget * 2)) if seconds < TARGET_SECONDS / 2 else self


def split(weights: Sequence[tuple[int, int]], budget: int) -> tuple[list[int], list[int]]:
    """Return the first ids of ``weights`` that weigh at most ``budget``, one at least; the rest."""
    total = 0
    for count, (_, weight) in enumerate(weights):
        total += weight
        if count and total > budget:
            return [at for at, _ in weights[:count]], [at for at, _ in weights[count:]]
    return [at for at, _ in weights], []
