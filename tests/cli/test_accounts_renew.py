"""``baysync accounts connect --renew``: new tokens for an account, and nothing else."""

import json
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from baysync.cli.main import app
from baysync.config.settings import Settings
from baysync.runtime import open_runtime
from mockbay.client import MockServer
from support.consent import agree, asking, connected, consent_page, ended, renewed
from support.live_shop import CALM, CATEGORY, document, publisher

cli = CliRunner()
DE = "EBAY_DE"


def told(*words: str) -> str:
    done = cli.invoke(app, list(words))
    assert done.exit_code == 0, done.stderr
    return done.stdout + done.stderr


def shown(name: str) -> dict[str, object]:
    return dict(json.loads(cli.invoke(app, ["accounts", "show", name]).stdout))


def publish(database: str, home: Path) -> None:
    """Send all that waits, as a worker would."""
    told("queue", "retry", "--all", "--yes")

    async def work() -> None:
        settings = Settings(
            database_url=SecretStr(database),
            home=home,
            rate=1_000.0,
            http_timeout=timedelta(seconds=5),
        )
        async with open_runtime(settings) as runtime:
            slot = publisher(runtime, CALM)
            while await slot.publish_once():
                pass

    anyio.run(work)


def german_lamps(path: Path, price: str) -> str:
    rows = [document(f"L-{n}", price=price, currency="EUR", category=CATEGORY) for n in range(2)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def prices(mock: MockServer) -> set[tuple[str, str]]:
    return {
        (offer["marketplaceId"], offer["pricingSummary"]["price"]["value"])
        for offer in mock.offers().values()
        if offer["status"] == "PUBLISHED"
    }


def test_the_advice_for_a_dead_token_followed_to_the_letter_sells_on_as_before(
    here: str, mockbay: MockServer, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    connected(mockbay, "--name", "shop", "--marketplace", DE)
    told("accounts", "defaults", "shop", "--set", "condition=NEW")
    told("listings", "import", german_lamps(tmp_path / "l.jsonl", "21.50"))
    publish(here, home)
    assert prices(mockbay) == {(DE, "21.50")}, told("why", "L-0")
    mockbay.revoke_tokens()
    told("listings", "import", german_lamps(tmp_path / "l.jsonl", "25.00"))
    publish(here, home)
    before = shown("shop")
    assert before["paused_kind"] == "reauth"
    advice = "baysync accounts connect --renew shop"
    assert advice in told("why", "L-0")
    assert f"Run `{advice}`." in told("status")
    done = renewed(mockbay, *advice.split()[4:])
    assert (done["seller"], done["paused"]) == (before["username"], None)
    after = shown("shop")
    assert after["defaults"] == before["defaults"]
    assert json.loads(told("accounts", "list", "--json"))[0]["marketplaces"] == [DE]
    publish(here, home)
    assert prices(mockbay) == {(DE, "25.00")}


def test_a_renewal_ends_no_pause_of_a_person(
    here: str, mockbay: MockServer, tmp_path: Path
) -> None:
    assert here
    connected(mockbay, "--name", "shop")
    told("listings", "import", german_lamps(tmp_path / "l.jsonl", "21.50"))
    told("accounts", "pause", "shop", "--reason", "reauth")  # whatever the person calls it
    assert renewed(mockbay, "shop")["paused"] == "reauth"
    assert shown("shop")["paused_kind"] == "person"
    assert "Run `baysync accounts resume shop`." in told("status")


def test_another_ebay_user_who_consents_is_named_beside_the_account_and_nothing_is_kept(
    here: str, mockbay: MockServer
) -> None:
    assert here
    first = connected(mockbay, "--name", "shop")
    with asking(mockbay, "--renew", "shop") as process:
        agree(consent_page(process), account="seller-two")
        code, _, error = ended(process)
    assert code == 1
    assert f"from seller-two, but shop is {first['seller']}" in error
    assert "account.renew" not in json.dumps(shown("shop"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--marketplace", "EBAY_US"], "takes no --marketplace"),
        (["--env", "mock", "--client-id", "x"], "takes no --env and no --client-id"),
    ],
)
def test_a_renewal_takes_no_other_word_about_the_account(
    here: str, words: list[str], said: str
) -> None:
    assert here
    done = cli.invoke(app, ["accounts", "connect", "--renew", "shop", *words])
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_a_disconnected_account_has_nothing_to_renew(here: str, mockbay: MockServer) -> None:
    assert here
    connected(mockbay, "--name", "shop")
    told("accounts", "disconnect", "shop", "--yes")
    done = cli.invoke(app, ["accounts", "connect", "--renew", "shop"])
    assert done.exit_code == 2
    assert "baysync accounts connect --env mock --name shop" in done.stderr
    assert cli.invoke(app, ["accounts", "connect", "--renew", "nobody"]).exit_code == 5


def test_a_secret_among_the_arguments_is_warned_of_and_a_file_is_not(
    here: str, tmp_path: Path
) -> None:
    assert here
    keys = ["--env", "production", "--client-id", "a-SBX-1", "--ru-name", "r"]
    seen = cli.invoke(app, ["accounts", "connect", *keys, "--client-secret", "SBX-1"])
    assert (seen.exit_code, "list of processes" in seen.stderr) == (2, True)
    (tmp_path / "secret").write_text("SBX-1\n")
    file = ["--client-secret-file", str(tmp_path / "secret")]
    unseen = cli.invoke(app, ["accounts", "connect", *keys, *file])
    assert (unseen.exit_code, "list of processes" in unseen.stderr) == (2, False)
    assert "keys of eBay's sandbox environment" in unseen.stderr


def test_a_new_account_says_what_it_needs(here: str) -> None:
    assert here
    done = cli.invoke(app, ["accounts", "connect", "--env", "mock"])
    assert done.exit_code == 2
    assert "needs --client-id, --ru-name" in done.stderr
    assert "--renew NAME" in done.stderr
