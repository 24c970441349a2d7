"""Decide which lights are lit. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from baysync.account.model import PauseKind
from baysync.account.rules import way_on
from baysync.base.wording import counted
from baysync.insight.model import WANTED, AccountFacts, Cause, Facts, Light

LATE = timedelta(minutes=5)
ORDERS_LATE = timedelta(minutes=20)
CONSENT_ENDS = timedelta(days=30)
STOPS = {Cause.DATABASE, Cause.NO_WORKER, Cause.PAUSED, Cause.THROTTLED, Cause.SILENT}
NEAR_END = 0.2  # of the calls of a day
LONG_SILENCE = 5  # calls in a row without an answer: lanes wait three minutes by then
_MINUTES, _HOURS, _DAYS = timedelta(minutes=2), timedelta(hours=2), timedelta(days=2)


def lights(facts: Facts) -> tuple[Light, ...]:
    """Return what is not as it should be, what stops most first."""
    return (
        *_broken(facts),
        *_no_worker(facts),
        *(light for one in facts.accounts for light in _account(one, facts)),
        *_unprojected(facts),
        *_quotas(facts),
        *_dead(facts),
    )


def in_the_way(lit: Iterable[Light], account: str) -> tuple[Light, ...]:
    """Return those of the lights by which nothing of an account reaches eBay."""
    return tuple(light for light in lit if light.cause in STOPS and light.account in {"", account})


def age(span: timedelta) -> str:
    """Return a span as people say it: ``42 s``, ``7 min``, ``5 h``, ``3 d``."""
    seconds = int(span.total_seconds())
    if span >= _DAYS:
        return f"{span.days} d"
    if span >= _HOURS:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if span >= _MINUTES else f"{seconds} s"


def _broken(facts: Facts) -> Iterator[Light]:
    for name, count in sorted(facts.broken.items()):
        rows = "1 row breaks" if count == 1 else f"{count:,} rows break"
        yield Light(
            cause=Cause.BROKEN,
            message=f"{rows} the promise {name}.",
            command="baysync status",
            hint="Please report it with the log.",
        )


def _no_worker(facts: Facts) -> Iterator[Light]:
    if facts.accounts and not facts.workers:
        yield Light(
            cause=Cause.NO_WORKER,
            message="No worker is alive: nothing reaches eBay.",
            command="baysync work",  # it runs beside any other process: `up` needs the port
            hint="`baysync up` serves the pages as well, where nothing does.",
            since=facts.worked_at,
        )


def _account(one: AccountFacts, facts: Facts) -> Iterator[Light]:
    """Yield the lights of an account; why nothing is sent goes before that it is late."""
    stopped = _stopped(one, facts)
    if stopped:
        yield stopped
    elif facts.workers and one.oldest_edit and facts.now - one.oldest_edit > LATE:
        yield Light(
            cause=Cause.LATE,
            account=one.name,
            message=f"{one.name}: an edit waits for {age(facts.now - one.oldest_edit)}.",
            command=f"baysync queue list --account {one.name}",
            since=one.oldest_edit,
        )
    yield from _orders(one, facts)
    yield from _reference(one)
    yield from _gone(one)
    yield from _consent(one, facts)


def _stopped(one: AccountFacts, facts: Facts) -> Light | None:
    if one.paused_kind and one.paused_kind != PauseKind.OUTAGE:
        return _paused(one, facts)
    waits = one.oldest_edit and facts.now - one.oldest_edit > LATE
    unanswered = one.answered_at is None or facts.now - one.answered_at > LATE
    if one.lane_failures >= LONG_SILENCE and one.paused_kind and not waits:
        return _paused(one, facts)
    if not waits or not unanswered:
        return None
    if one.throttled_until and one.throttled_until > facts.now - LATE:
        return Light(
            cause=Cause.THROTTLED,
            account=one.name,
            message=f"{one.name}: eBay takes no more calls for now.",
            hint=f"baysync tries again by itself at {_clock(one.throttled_until)}.",
            since=one.oldest_edit,
        )
    if one.lane_failures:
        return Light(
            cause=Cause.SILENT,
            account=one.name,
            message=f"{one.name}: eBay does not answer.",
            hint="baysync tries again by itself every few minutes; see eBay's system status.",
            since=one.answered_at or one.oldest_edit,
        )
    return None


def _paused(one: AccountFacts, facts: Facts) -> Light:
    is_ours = one.paused_kind not in WANTED
    hint = "baysync tries again by itself." if is_ours else ""
    if is_ours and one.paused_until:
        hint = f"baysync tries again by itself at {_clock(max(one.paused_until, facts.now))}."
    return Light(
        cause=Cause.PAUSED,
        account=one.name,
        message=f"{one.name} is paused: {one.paused_reason or one.paused_kind}.",
        command=way_on(one.name, one.paused_kind) or "",
        hint=hint,
        since=one.paused_at,
    )


def _orders(one: AccountFacts, facts: Facts) -> Iterator[Light]:
    if one.paused_kind == PauseKind.REAUTH:
        return  # one consent, one light
    read = one.orders_polled_at or one.connected_at
    if one.orders_error or (facts.workers and facts.now - read > ORDERS_LATE):
        why = (one.orders_error or "nobody reads them").removesuffix(".")
        yield Light(
            cause=Cause.ORDERS,
            account=one.name,
            message=f"{one.name}: orders are unread for {age(facts.now - read)}: {why}.",
            command=f"baysync accounts show {one.name}",
            hint="baysync tries again by itself.",
            since=read,
        )


def _reference(one: AccountFacts) -> Iterator[Light]:
    if one.stale_places and not one.paused_kind:
        places = ", ".join(one.stale_places)
        yield Light(
            cause=Cause.REFERENCE,
            account=one.name,
            message=f"{one.name}: eBay does not renew the reference data of {places}.",
            hint="baysync asks again by itself; listings are judged by what is known.",
            since=one.stale_since,
        )


def _gone(one: AccountFacts) -> Iterator[Light]:
    if one.gone_since:
        listings = counted(one.gone_listings, "listing uses", "listings use")
        yield Light(
            cause=Cause.GONE,
            account=one.name,
            message=(
                f"{one.name}: {listings} a policy or location that eBay no longer shows. "
                "Nothing is blocked for it until you agree."
            ),
            command=f"baysync accounts policies {one.name} --agree",
            hint="It ends by itself once eBay shows them again.",
            since=one.gone_since,
        )


def _consent(one: AccountFacts, facts: Facts) -> Iterator[Light]:
    until = one.consent_until
    if until and until - facts.now < CONSENT_ENDS and one.paused_kind != PauseKind.REAUTH:
        left = max(timedelta(), until - facts.now)
        yield Light(
            cause=Cause.CONSENT,
            account=one.name,
            message=f"{one.name}: the seller's consent ends in {age(left)}.",
            command=f"baysync accounts connect --renew {one.name}",
            since=until - CONSENT_ENDS,
        )


def _unprojected(facts: Facts) -> Iterator[Light]:
    oldest = facts.oldest_unprojected
    if oldest and facts.now - oldest > LATE and (facts.workers or not facts.accounts):
        yield Light(
            cause=Cause.LATE,
            message=f"Edits were not looked at for {age(facts.now - oldest)}.",
            command="baysync doctor",
            hint="See the log of the worker.",
            since=oldest,
        )


def _quotas(facts: Facts) -> Iterator[Light]:
    for quota in facts.quotas:
        if quota.remaining < quota.limit * NEAR_END:
            yield Light(
                cause=Cause.QUOTA,
                message=(
                    f"eBay takes {quota.remaining:,} more calls of {quota.limit:,} to "
                    f"{quota.family} today."
                ),
                hint=f"eBay counts anew at {_clock(quota.reset_at)}; reading waits first.",
            )


def _dead(facts: Facts) -> Iterator[Light]:
    if facts.dead:
        letters = "1 dead letter is" if facts.dead == 1 else f"{facts.dead:,} dead letters are"
        yield Light(
            cause=Cause.DEAD,
            message=f"{letters} open.",
            command="baysync dead list",
            since=facts.died_at,
        )


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M} UTC"
