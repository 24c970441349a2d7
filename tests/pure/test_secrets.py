"""Secrets at rest: what they are bound to, and what is refused."""

import base64
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from baysync.base.errors import SecretError
from baysync.base.secrets import Keyring, load_keyring

KEY = bytes(range(32))
AAD = "ebay_auth_token|ciphertext|7|mock|refresh"


def test_a_secret_comes_back_and_its_text_does_not_show_it() -> None:
    ring = Keyring(KEY)
    text = ring.encrypt(b"v^1.1#token", aad=AAD)
    assert text.startswith(f"bs1.{ring.kid}.")
    assert "token" not in text
    assert ring.decrypt(text, aad=AAD) == b"v^1.1#token"


def test_the_same_secret_never_looks_the_same_twice() -> None:
    ring = Keyring(KEY)
    assert ring.encrypt(b"x", aad=AAD) != ring.encrypt(b"x", aad=AAD)


def test_a_secret_moved_to_another_row_does_not_decrypt() -> None:
    ring = Keyring(KEY)
    text = ring.encrypt(b"secret", aad=AAD)
    with pytest.raises(SecretError, match="altered or moved") as refused:
        ring.decrypt(text, aad=AAD.replace("|7|", "|8|"))
    assert "secret" not in str(refused.value).replace("A secret (", "")


@pytest.mark.parametrize("end", ["A", "!!!!", "", "é"])
def test_an_altered_secret_does_not_decrypt(end: str) -> None:
    ring = Keyring(KEY)
    text = ring.encrypt(b"secret", aad=AAD)
    with pytest.raises(SecretError, match="altered"):
        ring.decrypt(text[:-6] + end, aad=AAD)


def test_a_secret_of_another_key_names_both_keys() -> None:
    text = Keyring(KEY).encrypt(b"secret", aad=AAD)
    other = Keyring(KEY[::-1])
    with pytest.raises(SecretError, match=f"{Keyring(KEY).kid}.*{other.kid}"):
        other.decrypt(text, aad=AAD)


def test_a_text_of_another_form_is_refused() -> None:
    with pytest.raises(SecretError, match="not of the form"):
        Keyring(KEY).decrypt("plain text", aad=AAD)


def test_the_first_start_makes_a_private_key_file_that_later_starts_use(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = load_keyring(None, home)
    assert (home / "key").stat().st_mode & 0o777 == 0o600
    assert load_keyring(None, home).kid == first.kid
    assert [path.name for path in home.iterdir()] == ["key"]


def test_racing_first_starts_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        kids = {ring.kid for ring in threads.map(load_keyring, [None] * 16, [tmp_path] * 16)}
    assert len(kids) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    load_keyring(None, tmp_path)
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(SecretError, match=r"mode 0640.*chmod 600"):
        load_keyring(None, tmp_path)


def test_a_key_in_the_environment_wins_and_makes_no_file(tmp_path: Path) -> None:
    ring = load_keyring(base64.b64encode(KEY).decode(), tmp_path)
    assert ring.kid == Keyring(KEY).kid
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["not base64!", base64.b64encode(b"short").decode()])
def test_a_key_that_is_no_key_is_refused_without_showing_it(key: str, tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="openssl rand") as refused:
        load_keyring(key, tmp_path)
    assert key not in str(refused.value)


def test_a_home_that_cannot_be_written_is_said_with_its_fix(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SecretError, match=r"Cannot read or make the key .* set BAYSYNC_HOME"):
        load_keyring(None, tmp_path / "file" / "home")


def test_a_key_behind_a_link_is_not_read(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    load_keyring(None, other)
    home.mkdir()
    (home / "key").symlink_to(other / "key")
    with pytest.raises(SecretError, match="it is a link"):
        load_keyring(None, home)
    (home / "key").unlink()
    (home / "key").symlink_to(other / "none")
    with pytest.raises(SecretError, match="it is a link"):
        load_keyring(None, home)
    assert not (other / "none").exists()


def test_a_key_that_is_no_plain_file_is_called_that(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()
    with pytest.raises(SecretError, match="it is no plain file"):
        load_keyring(None, tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_of_another_user_is_not_taken(tmp_path: Path) -> None:
    load_keyring(None, tmp_path)
    os.chown(tmp_path / "key", 65534, 65534)
    with pytest.raises(SecretError, match="it belongs to user 65534"):
        load_keyring(None, tmp_path)
