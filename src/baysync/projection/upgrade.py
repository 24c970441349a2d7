"""Carry a stored document over to a newer spelling, so that an upgrade says nothing to eBay.

Whoever raises ``PROJECTION_VERSION`` adds the step from the version before it to ``STEPS``: it
does to a stored document what the new code does to a listing. Listings and published documents
then change together and stay equal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from baysync.projection.model import PROJECTION_VERSION, Projection

Step: TypeAlias = Callable[[Projection], Projection]
STEPS: Mapping[int, Step] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A version of the projection and the steps that lead to it, each from the one before."""

    version: int = PROJECTION_VERSION
    steps: Mapping[int, Step] = field(default_factory=lambda: STEPS)

    def upgrade(self, document: Projection, since: int) -> Projection:
        """Return ``document`` of version ``since`` as this version spells it."""
        for version in range(since, self.version):
            step = self.steps.get(version)
            document = step(document) if step else document
        return document


CURRENT = Spelling()
