"""A SKU in an address means what it would mean in a document: NFC, no white space around it."""

from typing import Annotated

from pydantic import AfterValidator

from baysync.base.segment import Segment
from baysync.listing.decode import trimmed

SkuSegment = Annotated[Segment, AfterValidator(trimmed)]
"""The segment of a path that names a listing or a variant."""
SkuParameter = Annotated[str, AfterValidator(trimmed)]
"""A parameter that does."""
