"""A projection as it lies in the database: canonical bytes with their digests."""

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
        sections={
            str(section): digest.hex()
            for section, digest in canonical.section_digests(projection).items()
        },
        projection_version=version,
    )
