"""Which lights are lit by which facts, what they say and what they tell to run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from baysync.account.model import PauseKind
from baysync.insight.census.model import Census, Figures, Violation
from baysync.insight.gauges import counted, known
from baysync.insight.model import AccountFacts, Cause, Facts, Light, Quota
from baysync.insight.rules import age, in_the_way, lights
from baysync.telemetry.metrics import Series

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AT_TWO_PAST = "baysync tries again by itself at 12:02 UTC."
WELL = AccountFacts(
    name="shop",
    connected_at=NOW - timedelta(days=9),
    answered_at=NOW,
    orders_polled_at=NOW - MINUTE,
    consent_until=NOW + timedelta(days=300),
)
LATE = replace(WELL, oldest_edit=NOW - 7 * MINUTE)
SILENT = replace(LATE, answered_at=NOW - 6 * MINUTE, lane_failures=3)


def facts(account: AccountFacts = WELL, **fields: Any) -> Facts:  # noqa: ANN401 -- each names fields
    start = Facts(
        now=NOW, workers=1, worked_at=NOW, died_at=None, oldest_unprojected=None,
        accounts=(account,), quotas=(), census=Census(),
    )  # fmt: skip
    return replace(start, **fields)


def census(*, dead: int = 0, broken: dict[str, int] | None = None) -> Census:
    rows = [
        Violation(invariant=name, ebay_listing_id=n, detail="")
        for name, count in (broken or {}).items()
        for n in range(count)
    ]
    return Census(figures=Figures(dead=dead), broken=tuple(rows), as_of=NOW)


def paused(kind: PauseKind, **fields: Any) -> AccountFacts:  # noqa: ANN401 -- as above
    at = {"paused_kind": kind, "paused_reason": str(kind), "paused_until": NOW + 2 * MINUTE}
    return replace(WELL, **at | fields)


def quota(remaining: int) -> Quota:
    return Quota(
        family="inventory", remaining=remaining, limit=100, reset_at=NOW + timedelta(hours=2)
    )


@pytest.mark.parametrize(
    ("account", "cause", "message", "fix"),
    [
        (
            paused(PauseKind.REAUTH),
            Cause.PAUSED,
            "shop is paused: reauth.",
            "Run `baysync accounts connect --renew shop`. " + AT_TWO_PAST,
        ),
        (
            paused(PauseKind.CONFIG, paused_until=None),
            Cause.PAUSED,
            "shop is paused: config.",
            "Run `baysync accounts resume shop`. baysync tries again by itself.",
        ),
        (
            paused(PauseKind.PERSON, paused_reason="stock count", paused_until=None),
            Cause.PAUSED,
            "shop is paused: stock count.",
            "Run `baysync accounts resume shop`.",
        ),
        (
            paused(PauseKind.OUTAGE, lane_failures=6),
            Cause.PAUSED,
            "shop is paused: outage.",
            AT_TWO_PAST,
        ),
        (
            replace(SILENT, throttled_until=NOW + 3 * MINUTE),
            Cause.THROTTLED,
            "shop: eBay takes no more calls for now.",
            "baysync tries again by itself at 12:03 UTC.",
        ),
        (
            SILENT,
            Cause.SILENT,
            "shop: eBay does not answer.",
            "baysync tries again by itself every few minutes; see eBay's system status.",
        ),
        (
            LATE,
            Cause.LATE,
            "shop: an edit waits for 7 min.",
            "Run `baysync queue list --account shop`.",
        ),
        (
            replace(SILENT, lane_failures=0),
            Cause.LATE,
            "shop: an edit waits for 7 min.",
            "Run `baysync queue list --account shop`.",
        ),
        (
            replace(WELL, orders_polled_at=None, orders_error="HTTP 500."),
            Cause.ORDERS,
            "shop: orders are unread for 9 d: HTTP 500.",
            "Run `baysync accounts show shop`. baysync tries again by itself.",
        ),
        (
            replace(WELL, orders_polled_at=NOW - 30 * MINUTE),
            Cause.ORDERS,
            "shop: orders are unread for 30 min: nobody reads them.",
            "Run `baysync accounts show shop`. baysync tries again by itself.",
        ),
        (
            replace(WELL, stale_places=("EBAY_DE", "EBAY_US")),
            Cause.REFERENCE,
            "shop: eBay does not renew the reference data of EBAY_DE, EBAY_US.",
            "baysync asks again by itself; listings are judged by what is known.",
        ),
        (
            replace(WELL, gone_listings=1_200, gone_since=NOW),
            Cause.GONE,
            (
                "shop: 1,200 listings use a policy or location that eBay no longer shows. "
                "Nothing is blocked for it until you agree."
            ),
            (
                "Run `baysync accounts policies shop --agree`. "
                "It ends by itself once eBay shows them again."
            ),
        ),
        (
            replace(WELL, consent_until=NOW + timedelta(days=3)),
            Cause.CONSENT,
            "shop: the seller's consent ends in 3 d.",
            "Run `baysync accounts connect --renew shop`.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_account_is_one_light(
    account: AccountFacts, cause: Cause, message: str, fix: str
) -> None:
    (light,) = lights(facts(account))
    assert (light.cause, light.account, light.message, light.fix) == (cause, "shop", message, fix)
    assert light.words == f"{message} {fix}"


@pytest.mark.parametrize(
    "account",
    [
        WELL,
        replace(WELL, oldest_edit=NOW - MINUTE),
        paused(PauseKind.OUTAGE, lane_failures=1),
        replace(SILENT, oldest_edit=NOW - MINUTE),
        replace(WELL, consent_until=None),
        replace(paused(PauseKind.OUTAGE, lane_failures=2), stale_places=("EBAY_US",)),
    ],
)  # fmt: skip
def test_what_passes_by_itself_in_a_moment_is_no_light(account: AccountFacts) -> None:
    assert lights(facts(account)) == ()


def test_a_lost_consent_is_said_once_whatever_it_stops() -> None:
    lost = paused(PauseKind.REAUTH, orders_error="invalid_grant", oldest_edit=NOW - 9 * MINUTE)
    found = lights(facts(replace(lost, consent_until=NOW, stale_places=("EBAY_US",))))
    assert [light.cause for light in found] == [Cause.PAUSED]


@pytest.mark.parametrize(
    ("fields", "message", "fix"),
    [
        (
            {"census": census(broken={"I1": 1})},
            "1 row breaks the promise I1.",
            "Run `baysync status`. Please report it with the log.",
        ),
        (
            {"census": census(broken={"I2": 1_200})},
            "1,200 rows break the promise I2.",
            "Run `baysync status`. Please report it with the log.",
        ),
        (
            {"workers": 0},
            "No worker is alive: nothing reaches eBay.",
            "Run `baysync work`. `baysync up` serves the pages as well, where nothing does.",
        ),
        ({"census": census(dead=1)}, "1 dead letter is open.", "Run `baysync dead list`."),
        ({"census": census(dead=2)}, "2 dead letters are open.", "Run `baysync dead list`."),
        (
            {"oldest_unprojected": NOW - 6 * MINUTE},
            "Edits were not looked at for 6 min.",
            "Run `baysync doctor`. See the log of the worker.",
        ),
        (
            {"quotas": (quota(19),)},
            "eBay takes 19 more calls of 100 to inventory today.",
            "eBay counts anew at 14:00 UTC; reading waits first.",
        ),
    ],
)
def test_what_is_wrong_with_the_installation_is_said(
    fields: dict[str, Any], message: str, fix: str
) -> None:
    (light,) = lights(facts(**fields))
    assert (light.message, light.fix, light.words) == (message, fix, f"{message} {fix}")


@pytest.mark.parametrize(
    ("lit", "since"),
    [
        (facts(workers=0, worked_at=NOW - MINUTE), NOW - MINUTE),
        (facts(workers=0, worked_at=None), None),
        (facts(census=census(dead=2), died_at=NOW - MINUTE), NOW - MINUTE),
        (facts(replace(WELL, stale_places=("EBAY_US",), stale_since=NOW)), NOW),
        (facts(replace(WELL, stale_places=("EBAY_US",))), None),
        (facts(replace(WELL, consent_until=NOW + timedelta(days=29))), NOW - timedelta(days=1)),
        (facts(quotas=(quota(1),)), None),
        (facts(census=census(broken={"I1": 1})), None),
    ],
)
def test_a_light_says_since_when_where_that_is_known(lit: Facts, since: datetime | None) -> None:
    (light,) = lights(lit)
    assert light.since == since


@pytest.mark.parametrize(
    "fields",
    [
        {"workers": 0, "accounts": ()},
        {"quotas": (quota(20),)},
        {"oldest_unprojected": NOW - 4 * MINUTE},
    ],
)
def test_an_installation_without_work_or_with_room_is_well(fields: dict[str, Any]) -> None:
    assert lights(facts(**fields)) == ()


def test_the_metrics_count_the_lights_and_leave_out_what_is_unknown() -> None:
    both = (paused(PauseKind.REAUTH), replace(paused(PauseKind.REAUTH), name="other"))
    found = known(facts(accounts=both))
    assert found[Series("light.lit", "account_paused")] == 2
    assert found[Series("light.lit", "no_worker")] == 0
    assert found[Series("account.paused", "reauth")] == 2
    assert found[Series("edit.oldest_seconds")] == 0
    assert found[Series("consent.remaining_seconds")] == timedelta(days=300).total_seconds()
    unknown = known(facts(replace(LATE, consent_until=None)))
    assert Series("consent.remaining_seconds") not in unknown
    assert unknown[Series("edit.oldest_seconds")] == 7 * 60


def test_what_was_counted_is_as_old_as_the_count() -> None:
    found = counted(census(dead=3, broken={"I1": 2, "I2": 1}), NOW + 3 * MINUTE)
    assert found[Series("dead.open")] == 3
    assert found[Series("invariant.broken")] == 3
    assert found[Series("census.age_seconds")] == 180
    assert Series("census.age_seconds") not in counted(Census(), NOW), "never counted"


def test_the_oldest_edit_is_that_of_any_account_or_one_not_looked_at() -> None:
    assert facts().oldest_edit_age is None
    assert facts(LATE, oldest_unprojected=NOW - MINUTE).oldest_edit_age == 7 * MINUTE
    assert facts(oldest_unprojected=NOW + MINUTE).oldest_edit_age == timedelta()
    wanted = replace(LATE, paused_kind=PauseKind.PERSON)
    assert facts(wanted).oldest_edit_age is None, "a person wants it to wait"


def test_what_stops_an_account_is_told_from_what_only_is_wrong() -> None:
    silent, late = replace(SILENT, name="silent"), replace(LATE, name="late")
    found = lights(facts(accounts=(silent, late), census=census(dead=2)))
    assert [light.cause for light in in_the_way(found, "silent")] == [Cause.SILENT]
    assert in_the_way(found, "late") == ()
    alone = lights(facts(workers=0))
    assert [light.cause for light in in_the_way(alone, "any")] == [Cause.NO_WORKER]


def test_a_light_without_a_command_or_a_hint_says_what_it_is() -> None:
    assert Light(cause=Cause.DATABASE, message="Down.").words == "Down."


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=119), "119 s"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=2), "2 d"),
    ],
)
def test_an_age_is_said_as_people_say_it(span: timedelta, words: str) -> None:
    assert age(span) == words
