"""A projection as it is kept: canonical bytes with their digest."""

import hashlib

from baysync.ebay_listing.model import Document
from baysync.projection import canonical
from baysync.projection.model import PROJECTION_VERSION, Projection


def document(
    projection: Projection | None, *, version: int = PROJECTION_VERSION
) -> Document | None:
    """Return what is stored of ``projection``, spelled as ``version`` spells it; None for none."""
    if projection is None:
        return None
    blob = canonical.encode(projection)
    return Document(
        blob=blob,
        hash=hashlib.sha256(blob).digest(),
        projection_version=version,
    )
