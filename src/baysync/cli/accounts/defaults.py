"""``baysync accounts defaults``: what an account says for its listings, and by rule for some."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from baysync.account import steering, store
from baysync.account.model import Defaults
from baysync.account.rules import (
    RuleOf,
    decoded,
    edited,
    edited_rule,
    rule_of,
    without_rule,
    written,
)
from baysync.base.errors import NotFound, Refused
from baysync.change import place_store
from baysync.cli.accounts import connecting
from baysync.cli.terminal.output import print_json
from baysync.cli.terminal.person import actor
from baysync.cli.terminal.session import run
from baysync.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultsEdit:
    """What a person wants of an account's defaults; a rule's, where ``rule`` names one."""

    marketplace: str
    rule: RuleOf | None
    whole: bytes | None
    changes: dict[str, str]
    remove: bool

    @property
    def is_question(self) -> bool:
        """Whether nothing is to be changed."""
        return self.whole is None and not self.changes and not self.remove


def defaults(  # noqa: PLR0913 - each is one option of the command line
    name: Annotated[str, typer.Argument(help="The account's name.")],
    *,
    marketplace: Annotated[
        str, typer.Option(help="Which marketplace; needed where there are several.")
    ] = "",
    category: Annotated[
        str | None, typer.Option(metavar="ID", help="Only for listings in this eBay category.")
    ] = None,
    type_: Annotated[
        str | None,
        typer.Option("--type", metavar="WORD", help="Only for listings of this type of the shop."),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="Change one: policies.payment=123, category=11450; repeatable."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Replace all of them by a JSON file, - for standard input.")
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take away the rule of --category or --type.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="No difference: the answer is always JSON.")
    ] = False,
) -> None:
    """Show or change what an account says for listings that do not say it themselves."""
    del as_json
    edit = DefaultsEdit(
        marketplace=marketplace,
        rule=_rule(category, type_),
        whole=None if file is None else connecting.read_file(file),
        changes=dict(_pair(text) for text in setting or []),
        remove=remove,
    )
    if edit.rule is None and remove:
        raise Refused("--remove takes a rule away.", fix="say which: --category ID or --type WORD.")
    if edit.rule is not None and edit.whole is not None:
        raise Refused(
            "--file replaces all defaults of a marketplace.",
            fix="put the rules into the file as category_rules and type_rules, or use --set.",
        )
    print_json(run(lambda runtime: _apply(runtime, name, edit)))


async def _apply(runtime: Runtime, name: str, edit: DefaultsEdit) -> object:
    async with runtime.db() as db, db.transaction():
        account = await store.read_named(db, name)
        present = {r.marketplace: r.defaults for r in await store.read_defaults(db, account.id)}
        if edit.is_question:
            return {at: _shown(each, edit) for at, each in _asked(name, present, edit).items()}
        at = edit.marketplace or _only(name, list(present))
        if at not in present:
            raise Refused(
                f"{name} does not sell on {at}.",
                fix=f"baysync accounts marketplaces {name} --add {at}",
            )
        value = _edited(present[at], edit)
        await steering.set_defaults(db, name, at, value, by=actor())
        listings = len(await place_store.offered(db, at))
    await connecting.enrol(runtime, account.id, listings=listings)
    return {at: _shown(value, edit)}


def _asked(name: str, present: dict[str, Defaults], edit: DefaultsEdit) -> dict[str, Defaults]:
    if edit.marketplace and edit.marketplace not in present:
        raise NotFound(
            f"{name} does not sell on {edit.marketplace}.",
            fix=f"see where it sells: baysync accounts marketplaces {name}",
        )
    return {at: each for at, each in present.items() if edit.marketplace in {"", at}}


def _shown(value: Defaults, edit: DefaultsEdit) -> object:
    """Return defaults as JSON has them, or the rule in question, None where there is none."""
    whole = value if edit.rule is None else rule_of(value, edit.rule)
    return written(whole)


def _edited(present: Defaults, edit: DefaultsEdit) -> Defaults:
    if edit.rule is None:
        return edited(present if edit.whole is None else decoded(edit.whole), edit.changes)
    base = without_rule(present, edit.rule) if edit.remove else present
    return edited_rule(base, edit.rule, edit.changes) if edit.changes else base


def _rule(category: str | None, type_: str | None) -> RuleOf | None:
    if category is not None and type_ is not None:
        raise Refused("A rule is for a category or for a type.", fix="give one of them.")
    if category is not None and not category.isdecimal():
        raise Refused(
            f"--category {category}: eBay's categories are numbers.",
            fix="give the number, as in --category 267.",
        )
    if category is not None:
        return RuleOf("category_rules", category)
    return None if type_ is None else RuleOf("type_rules", type_)


def _only(name: str, marketplaces: list[str]) -> str:
    if len(marketplaces) != 1:
        raise Refused(
            f"{name} sells on {len(marketplaces)} marketplaces.", fix="say which: --marketplace."
        )
    return marketplaces[0]


def _pair(text: str) -> tuple[str, str]:
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise Refused(f"--set {text}: no value.", fix="--set category=11450")
    return path, value
