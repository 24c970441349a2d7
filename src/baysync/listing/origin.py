"""Where an accepted version of a listing comes from."""

from dataclasses import dataclass

HOST = "host"  # the shop's own code, in its own transaction
_FILES = frozenset({"csv", "jsonl", "shopify", "woocommerce"})
HTTP = "http:local"  # until somebody logs in


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a version of a listing, and through which entrance.

    Attributes:
        kind: the entrance: ``api``, ``csv``, ``python``, ``missing:end``, ``undo`` ...
        actor: who: ``http:local``, ``cli:<os user>``, ``host``; empty where nobody knows.
        import_id: the import it belongs to; None outside imports.
    """

    kind: str
    actor: str = ""
    import_id: int | None = None

    @property
    def is_file(self) -> bool:
        """Whether it is a file of listings."""
        return self.kind in _FILES

    @property
    def is_missing(self) -> bool:
        """Whether it is what ``--missing`` makes of listings that a file does not name."""
        return self.kind.startswith("missing:")
