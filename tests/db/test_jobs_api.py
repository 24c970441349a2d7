"""Periodic jobs over HTTP and at the command line."""

import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
from anyio import to_thread
from typer.testing import CliRunner

from baysync.cli.main import app
from baysync.db import job_schedule
from baysync.db.connection import Db
from support.api_site import Site, site_on

JOBS = "/api/admin/ebay/jobs"


@pytest.fixture
async def site(database: str) -> AsyncGenerator[Site]:
    async with site_on(database) as served:
        yield served


async def test_a_job_is_seen_and_asked_for_over_http_and_at_the_command_line(
    site: Site, db: Db, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path))
    await job_schedule.declare(db, [(n, timedelta(hours=1)) for n in ("a.b", "off")])
    await db.execute("UPDATE job_schedule SET enabled = false WHERE name = 'off'")
    one, off = (await site.read(JOBS))["items"]
    assert (one["name"], one["every_seconds"], one["requested_at"]) == ("a.b", 3600, None)
    assert (one["running"], off["enabled"]) == (False, False)
    assert await site.send(f"{JOBS}/a.b/run") == (202, {"name": "a.b", "outcome": "requested"})
    assert (await site.read(JOBS))["items"][0]["requested_at"] is not None
    assert (await site.send(f"{JOBS}/off/run"))[0] == 409
    assert (await site.send(f"{JOBS}/no%2Fne/run"))[0] == 404
    cli = CliRunner()
    done = await to_thread.run_sync(cli.invoke, app, ["jobs", "run", "a.b", "--json"])
    assert json.loads(done.stdout) == {"name": "a.b", "outcome": "requested"}, done.output
    rows = await db.execute("SELECT actor, action, target FROM audit_log ORDER BY id")
    first, second = await rows.fetchall()
    assert first == ("http:local", "job.run", "job a.b")
    assert (second[0].startswith("cli:"), second[1:]) == (True, ("job.run", "job a.b"))
    listed = await to_thread.run_sync(cli.invoke, app, ["jobs", "list"])
    assert listed.stdout.startswith("a.b\t3600 s\t"), listed.output
    unknown = await to_thread.run_sync(cli.invoke, app, ["jobs", "run", "none"])
    assert unknown.exit_code == 5
