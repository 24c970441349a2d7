"""Which user runs the embedded server, and whom it lets in."""

import os
import shutil
import stat
from pathlib import Path

import psycopg
import pytest

from baysync.base.errors import EmbeddedPostgresError
from baysync.db.embedded import owner as owners
from baysync.db.embedded.binaries import Binaries, find_binaries
from baysync.db.embedded.cluster import EmbeddedPostgres
from support.embedded_home import initialised

NOBODY = 65534
IS_ROOT = os.geteuid() == 0
ROOT_ONLY = "only root has to hand the server to another user"


@pytest.mark.skipif(not IS_ROOT, reason=ROOT_ONLY)
def test_a_home_the_server_cannot_enter_is_refused_and_left_as_it_is(
    home: Path, binaries: Binaries
) -> None:
    closed = home.with_name("closed")
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedPostgresError, match=r"who cannot enter .*/closed/pg\."):
        EmbeddedPostgres(closed / "pg", binaries=binaries).start()
    assert stat.S_IMODE(closed.stat().st_mode) == stat.S_IRWXU
    shutil.rmtree(closed)


@pytest.mark.skipif(not IS_ROOT, reason=ROOT_ONLY)
def test_binaries_out_of_reach_are_copied_once(
    home: Path, binaries: Binaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    if binaries.source == "override":
        pytest.skip("system binaries can be reached by everybody")
    base = home.parent
    monkeypatch.setattr(owners, "CACHE", base / "cache")
    package = binaries.bindir.parent.parent
    closed = base / "closed"
    closed.mkdir(mode=0o700)
    for source in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, closed / source.name, symlinks=True)
    hidden = find_binaries(closed / package.name / "pginstall" / "bin")
    with EmbeddedPostgres(home, durable=False, binaries=hidden) as server:
        assert server.server.binaries.bindir.is_relative_to(base / "cache")
    assert stat.S_IMODE(closed.stat().st_mode) == stat.S_IRWXU
    EmbeddedPostgres(home).wait_stopped()
    shutil.rmtree(closed)
    shutil.rmtree(base / "cache")


@pytest.mark.skipif(not IS_ROOT, reason=ROOT_ONLY)
def test_only_the_folders_of_the_server_belong_to_its_user(home: Path, binaries: Binaries) -> None:
    initialised(home, binaries)
    assert home.stat().st_uid == 0
    assert {"data", "socket"} == {p.name for p in home.iterdir() if p.stat().st_uid != 0}


@pytest.mark.skipif(not IS_ROOT, reason=ROOT_ONLY)
def test_a_home_that_nobody_ran_is_taken_over_with_its_data(home: Path, binaries: Binaries) -> None:
    """As the first release left it: run by ``nobody``, who trusted everybody."""
    with (
        EmbeddedPostgres(home, binaries=binaries) as server,
        psycopg.connect(server.url()) as db,
    ):
        db.execute("CREATE TABLE kept AS SELECT 7 AS number")
    EmbeddedPostgres(home).wait_stopped()
    for name in ("pg_hba.conf", "pg_ident.conf"):
        (home / name).unlink()
    (home / "data" / "pg_hba.conf").write_text("local all all trust\n")
    for path in (home / "socket", home / "data", *(home / "data").rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    (home / "data" / "planted").symlink_to(home.parent)
    planted_owner = home.parent.stat().st_uid
    with (
        EmbeddedPostgres(home, binaries=binaries) as server,
        psycopg.connect(server.url()) as db,
    ):
        assert db.execute("SELECT number FROM kept").fetchone() == (7,)
        owner = server.server.owner
    assert owner.login in {"baysync", "postgres"}
    assert {path.lstat().st_uid for path in (home / "data").rglob("*")} == {owner.uid, 0}
    assert home.parent.stat().st_uid == planted_owner, "no link is followed"


@pytest.mark.skipif(not IS_ROOT, reason=ROOT_ONLY)
def test_a_stranger_who_reaches_the_socket_is_refused(home: Path, binaries: Binaries) -> None:
    with EmbeddedPostgres(home, durable=False, binaries=binaries) as server:
        socket = server.server.socket
        socket.chmod(0o755)
        (socket / ".s.PGSQL.5432").chmod(0o777)
        os.seteuid(NOBODY)
        try:
            with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
                psycopg.connect(server.url())
        finally:
            os.seteuid(0)
        assert server.server.answers()


def test_a_user_for_the_server_is_made_without_home_or_shell(tmp_path: Path) -> None:
    program = tmp_path / "useradd"
    program.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/asked"\n')
    program.chmod(0o755)
    assert owners.make_user("daemon", str(program)).pw_name == "daemon"
    asked = (tmp_path / "asked").read_text()
    assert "--system" in asked
    assert "--shell /usr/sbin/nologin daemon" in asked
    program.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(EmbeddedPostgresError, match="nor can it be made"):
        owners.make_user("daemon", str(program))
