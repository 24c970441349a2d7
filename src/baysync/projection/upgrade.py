"""Carry a stored document over to a newer spelling, so that an upgrade says nothing to eBay.

Whoever raises ``PROJECTION_VERSION`` adds the step from the version before it to ``STEPS``: it
does to a stored document what the new code does to a listing. Listings and published documents
then change together and stay equal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec.structs import replace

from baysync.projection import spelling
from baysync.projection.build import ROLE
from baysync.projection.model import PROJECTION_VERSION, Content, Offer, Projection

Step: TypeAlias = Callable[[Projection], Projection]


def _numbers_and_roles(document: Projection) -> Projection:
    """Pick up product numbers from item specifics, and say the role of responsible persons."""
    content, offer = document.content, document.offer
    return replace(
        document,
        content=content and _numbered(content),
        offer=offer and _with_roles(offer),
    )


def _numbered(content: Content) -> Content:
    if content.group is None:
        return replace(content, gtins=spelling.numbers(content.gtins, content.aspects))
    variants = {
        key: replace(each, gtins=spelling.numbers(each.gtins, _specifics(content, each.options)))
        for key, each in content.group.variants.items()
    }
    return replace(content, group=replace(content.group, variants=variants))


def _specifics(content: Content, options: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {**content.aspects, **{name: (value,) for name, value in options.items()}}


def _with_roles(offer: Offer) -> Offer:
    if offer.regulatory is None:
        return offer
    people = [replace(each, roles=each.roles or (ROLE,)) for each in offer.regulatory.responsible]
    return replace(offer, regulatory=replace(offer.regulatory, responsible=tuple(people)))


STEPS: Mapping[int, Step] = {1: _numbers_and_roles}


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
