"""What one may try while the demo goes on: files to import, and commands that really work."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TITLE = ("LAMP-ANTON-LONG", "Anton Articulated Desk Lamp, Petrol Blue, Dimmable LED")
PRICE = ("LAMP-ANTON-BRASS", "79.00")
VARIANTS = ("TEE-CRAB", "TEE-CRAB-L")
PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Proposal:
    """Commands, what they show, and the page on which that is seen as well."""

    words: str
    commands: tuple[str, ...]
    page: str = ""


def prepare(home: Path, database_url: str) -> Path:
    """Write the files that the proposals name; return the one that leads a shell to this demo."""
    folder = home / "try"
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    for name, edit in _edits().items():
        (folder / name).write_text(json.dumps(edit) + "\n")
    variables = {"DATABASE_URL": database_url, "BAYSYNC_HOME": str(home), "TRY": str(folder)}
    env = folder / "env"
    env.touch(mode=0o600)
    env.write_text("".join(f"export {name}={shlex.quote(v)}\n" for name, v in variables.items()))
    return env


def proposals() -> tuple[Proposal, ...]:
    """Return what to try, the easiest first."""
    bring = "./run baysync listings import $TRY"
    return (
        Proposal(
            "Why is a listing blocked? Correct it, and it goes live:",
            (f"./run baysync why {TITLE[0]}", f"{bring}/shorter-title.jsonl"),
            f"/listings/{TITLE[0]}",
        ),
        Proposal(
            "What does eBay mean by the number it refused one with?",
            ("./run baysync errors explain 25019",),
        ),
        Proposal(
            "How does a price come about, in dollars and in euros?",
            ("./run baysync listings check TEE-ANCHOR",),
            "/listings/TEE-ANCHOR",
        ),
        Proposal(
            "Lower a price, and see what changed on both marketplaces:",
            (
                f"{bring}/lower-price.jsonl",
                f"./run baysync snapshots diff {PRICE[0]} --marketplace EBAY_DE",
            ),
            f"/listings/{PRICE[0]}/diff",
        ),
        Proposal(
            "Drop a size: it may have been sold, so it stays with nothing to sell:",
            (f"{bring}/without-size-l.jsonl",),
            f"/listings/{VARIANTS[0]}/diff",
        ),
    )


def _edits() -> Mapping[str, object]:
    return {
        "shorter-title.jsonl": {"op": "patch", "sku": TITLE[0], "title": TITLE[1]},
        "lower-price.jsonl": {"op": "patch", "sku": PRICE[0], "price": PRICE[1]},
        "without-size-l.jsonl": {
            "op": "patch",
            "sku": VARIANTS[0],
            "variants": [{"sku": VARIANTS[1], "remove": True}],
        },
    }
