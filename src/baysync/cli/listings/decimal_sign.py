"""The decimal sign of an imported file: what the command says, else what the accounts say."""

from dataclasses import replace

from baysync.account import store as accounts
from baysync.db.connection import Db
from baysync.files.number_columns import DecimalSign
from baysync.files.reading import Wishes


async def with_decimal(db: Db, wishes: Wishes) -> Wishes:
    """Return ``wishes`` with the decimal sign that all accounts agree on, where none is named.

    Accounts that say nothing do not count; two that differ leave it to the columns of the file.
    """
    if wishes.decimal is not DecimalSign.AUTO:
        return wishes
    signs = {
        row.defaults.importing.decimal
        for account in await accounts.read_all(db)
        for row in await accounts.read_defaults(db, account.id)
    } - {None}
    if len(signs) != 1:
        return wishes
    return replace(wishes, decimal=DecimalSign(signs.pop() or DecimalSign.AUTO))
