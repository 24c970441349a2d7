"""Encryption of secrets at rest, bound to the place where they are stored.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce a message and associated data: a
ciphertext that is moved to another row, account or environment does not decrypt.
"""

import base64
import hashlib
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baysync.base.errors import SecretError
from baysync.base.own_files import open_own

KEY_BYTES = 32
NONCE_BYTES = 12
FORM = "bs1"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Keyring:
    """The key that encrypts, and how to recognise what it encrypted."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise SecretError(
                f"The key has {len(key)} bytes, not {KEY_BYTES}.",
                fix="BAYSYNC_KEY=$(openssl rand -base64 32)",
            )
        self.kid = hashlib.sha256(key).hexdigest()[:8]
        self._cipher = AESGCM(key)

    def encrypt(self, plain: bytes, *, aad: str) -> str:
        """Return ``bs1.<key id>.<nonce>.<ciphertext>``; ``aad`` names the row it is stored in."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, plain, self._bound(aad))
        return f"{FORM}.{self.kid}.{_text(nonce)}.{_text(sealed)}"

    def decrypt(self, text: str, *, aad: str) -> bytes:
        """Return what ``encrypt`` was given.

        Raises:
            SecretError: another key made it, it was altered, or it belongs to another row.
        """
        form, kid, nonce, sealed = _parts(text)
        if form != FORM or kid != self.kid:
            raise SecretError(
                f"A secret ({aad}) was encrypted with key {kid}, but the key here is {self.kid}.",
                fix="set BAYSYNC_KEY (or the file key in BAYSYNC_HOME) to the key that was used "
                "before, or connect the account again.",
            )
        try:
            return self._cipher.decrypt(_bytes(nonce), _bytes(sealed), self._bound(aad))
        except (InvalidTag, ValueError) as error:
            raise SecretError(
                f"A secret ({aad}) was altered or moved from another row.",
                fix="connect the account again.",
            ) from error

    def _bound(self, aad: str) -> bytes:
        return f"{aad}|{self.kid}".encode()


def load_keyring(key: str | None, home: Path) -> Keyring:
    """Return the keyring of ``key`` (base64), else of the file ``key`` in ``home``, made if absent.

    Raises:
        SecretError: not 32 bytes of base64; or the file is a link, another user's, one that others
            may read, or cannot be made.
    """
    try:
        text = key or _key_file(home / "key")
    except OSError as error:
        raise SecretError(
            f"Cannot read or make the key {home / 'key'}: {error.strerror}.",
            fix="set BAYSYNC_HOME to a folder you may write to, or set BAYSYNC_KEY.",
        ) from error
    try:
        return Keyring(base64.b64decode(text.strip(), validate=True))
    except ValueError as error:  # binascii.Error is one
        raise SecretError(
            f"The key {'in BAYSYNC_KEY' if key else home / 'key'} is not base64.",
            fix="BAYSYNC_KEY=$(openssl rand -base64 32)",
        ) from error


def _key_file(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".key-{secrets.token_hex(4)}")
    if not os.path.lexists(path):
        _write_private(fresh, base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
        # Whole or not at all, and never over the key of a process that was faster.
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    descriptor = open_own(path, os.O_RDONLY)
    with os.fdopen(descriptor) as file:
        mode, text = os.fstat(descriptor).st_mode, file.read()
    if mode & _OTHERS:
        raise SecretError(
            f"Other users of this machine may read {path} (mode {stat.S_IMODE(mode):04o}).",
            fix=f"chmod 600 {path}, and connect the accounts again if somebody may have read it.",
        )
    return text


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def _parts(text: str) -> tuple[str, str, str, str]:
    match text.split("."):
        case [form, kid, nonce, sealed]:
            return form, kid, nonce, sealed
        case _:
            raise SecretError(
                "A stored secret is not of the form bs1.<key>.<nonce>.<ciphertext>.",
                fix="connect the account again.",
            )


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
