"""Open files that nobody else can have slipped in: no link is followed, the owner is checked."""

import errno
import os
import stat
from pathlib import Path

_ROOT = 0


def open_own(path: Path, flags: int) -> int:
    """Open ``path`` with ``flags`` and return its descriptor; a new file has mode 0600.

    Raises:
        OSError: it is a link, no plain file, another user's (neither ours nor root's), or cannot
            be opened. ``strerror`` says which.
    """
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a link", str(path)) from error
        raise
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no plain file", str(path))
    if status.st_uid not in {os.geteuid(), _ROOT}:
        os.close(descriptor)
        raise PermissionError(errno.EPERM, f"it belongs to user {status.st_uid}", str(path))
    return descriptor


def read_own(path: Path) -> str:
    """Return the text of a file, opened as by ``open_own``; bytes that are no UTF-8 are replaced.

    Raises:
        OSError: as of ``open_own``.
    """
    with os.fdopen(open_own(path, os.O_RDONLY), encoding="utf-8", errors="replace") as file:
        return file.read()
