"""The light of a database that cannot be used, which the facts in it cannot tell."""

from baysync.db.connection import Db
from baysync.db.trouble import Trouble, unwritable
from baysync.insight.model import Cause, Facts, Light
from baysync.insight.rules import lights


def light(lacks: Trouble) -> Light:
    """Return the light of what the database lacks."""
    return Light(
        cause=Cause.DATABASE, message=lacks.words, command="baysync doctor", hint=lacks.fix
    )


async def lit(db: Db, facts: Facts) -> tuple[Light, ...]:
    """Return all lights, first that nothing can be written."""
    lacks = await unwritable(db)
    return ((light(lacks),) if lacks else ()) + lights(facts)
