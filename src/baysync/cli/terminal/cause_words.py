"""How groups of causes are put in words: count, cause, examples, and the command that mends it."""

import shlex
from collections.abc import Iterable, Iterator
from itertools import groupby

from baysync.account.rules import addressed
from baysync.change.causes import Group

_FOR_ALL = {
    "missing_aspect": "aspects.{about}=VALUE",
    "missing_identifier": "aspects.{about}=VALUE",
}


def lines(group: Group) -> Iterator[str]:
    """Yield what people read of one group: the cause with its count, then what to do."""
    yield f"  {group.count:,} x {title(group)}: {_skus(group)}"
    if group.message:
        example = "" if group.alike else f"{group.skus[0]}: "
        yield f"      {example}{group.message}"
    yield f"      fix: {fix(group)}"


def by_place(groups: Iterable[Group]) -> Iterator[list[str]]:
    """Yield the lines about each account and marketplace, from groups in that order."""
    for place, own in groupby(groups, lambda group: f"{group.account} on {group.marketplace}"):
        yield [place, *(line for group in own for line in lines(group))]


def row(group: Group) -> dict[str, object]:
    """Return one group as JSON says it."""
    return {
        "account": group.account,
        "marketplace": group.marketplace,
        "rule": group.rule,
        "about": group.about,
        "count": group.count,
        "skus": list(group.skus),
        "message": group.message,
        "fix": fix(group),
        "alike": group.alike,
    }


def title(group: Group) -> str:
    """Return a cause in a few words: its rule, and the item specific that it is about."""
    return group.rule if group.about == group.message else f"{group.rule} {group.about}".rstrip()


def fix(group: Group) -> str:
    """Return what mends all listings of a group, with its account and marketplace filled in."""
    words = addressed(group.fix, group.account, group.marketplace)
    if setting := _FOR_ALL.get(group.rule):
        value = shlex.quote(setting.format(about=group.about))
        more = f"For all that name none: `baysync accounts defaults NAME --set {value}`."
        return f"{words} {addressed(more, group.account, group.marketplace)}"
    return words


def _skus(group: Group) -> str:
    more = group.count - len(group.skus)
    return ", ".join(group.skus) + (f" and {more:,} more" if more else "")
