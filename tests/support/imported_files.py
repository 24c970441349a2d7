"""Files of listings that the command line imports, and what is stored then."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from baysync.cli.main import app

FULL = (
    "sku,title,description,price,quantity,images,brand\n"
    "PL-1,Walnut tray,<p>Tray.</p>,30.00,9,https://img.example/t.jpg,Kiln\n"
    "PL-2,Oak tray,<p>Tray.</p>,31.00,7,https://img.example/t.jpg,Kiln\n"
)
SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Image Src,Status\n"
    "pot,Tea pot,<p>A pot.</p>,Kiln,Pots,blue,true,Title,Default Title,TP-1,500,shopify,8,25.00,"
    "https://img.example/p.jpg,active\n"
    "cup,Tea cup,<p>A cup.</p>,Kiln,Cups,blue,true,Size,S,TC-S,100,shopify,4,5.00,"
    "https://img.example/c.jpg,active\n"
    "cup,,,,,,,,L,TC-L,100,shopify,6,7.00,,\n"
)


def imported(text: str | bytes, *options: str, code: int = 0) -> Result:
    """Import a file of this text; return what the command said."""
    Path("list.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    done = CliRunner().invoke(app, ["listings", "import", "list.csv", *options])
    assert done.exit_code == code, done.output
    return done


def stored() -> dict[str, dict[str, Any]]:
    """Return the listings as they are exported, by SKU."""
    done = CliRunner().invoke(app, ["listings", "export"])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["sku"]: row for row in rows}


def stocks() -> dict[str, object]:
    """Return the quantity of every single listing and variant."""
    return {
        each["sku"]: each.get("quantity")
        for row in stored().values()
        for each in row.get("variants", [row])
    }
