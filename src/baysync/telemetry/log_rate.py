"""Decide which lines of a log are written, so that one cause that lasts fills no disk. Pure."""

from dataclasses import dataclass, field
from typing import TypeAlias

Cause: TypeAlias = tuple[str, ...]
"""The logger, the event or message before anything is filled in, and what tells causes apart."""
LINES = 10
WINDOW_SECONDS = 60.0


@dataclass(slots=True)
class LogWindow:
    """The lines of one cause since ``began``, in seconds of a clock that never goes back."""

    began: float
    written: int = 0
    left_out: int = 0


@dataclass(slots=True)
class LogRate:
    """Lets each cause write its first ``LINES`` of a minute and counts the others."""

    windows: dict[Cause, LogWindow] = field(default_factory=dict[Cause, LogWindow])

    def admits(self, cause: Cause, now: float) -> bool:
        """Return whether a line of ``cause`` is written now; one that is not is counted."""
        window = self.windows.setdefault(cause, LogWindow(now))
        if window.written < LINES:
            window.written += 1
            return True
        window.left_out += 1
        return False

    def ended(self, now: float) -> list[tuple[Cause, int]]:
        """Forget the minutes that are over; return causes with how many lines were left out."""
        over = [cause for cause, one in self.windows.items() if now - one.began >= WINDOW_SECONDS]
        windows = [(cause, self.windows.pop(cause)) for cause in over]
        return [(cause, one.left_out) for cause, one in windows if one.left_out]
