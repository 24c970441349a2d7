"""What the command line costs before it does anything, beside ``import typer``.

Run it with ``./run python bench/startup.py [--rounds 9]``. Each round runs every program once, in
turn; a figure is its seconds of CPU over those of the import, as median and range. The goal is 4
for the help and for what asks no database. The last line is JSON.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from support.bench_listings import spread

GOAL = 4.0
BAYSYNC = str(Path(sys.executable).with_name("baysync"))
LIMIT = (sys.executable, "-c", "import typer")
PROGRAMS = {
    "help": (BAYSYNC, "--help"),
    "errors_explain": (BAYSYNC, "errors", "explain", "25002"),
    "listings_list_help": (BAYSYNC, "listings", "list", "--help"),
}


def cost(command: tuple[str, ...]) -> float:
    """Return the seconds of CPU that a program takes."""
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = os.times()
    return (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    for command in (LIMIT, *PROGRAMS.values()) if options.rounds > 1 else ():
        cost(command)  # once for the bytecode
    ratios: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(options.rounds):
        limit = cost(LIMIT)
        for name, command in PROGRAMS.items():
            ratios[name].append(cost(command) / limit)
    report = {name: spread(found) for name, found in ratios.items()}
    print(json.dumps({"times_import_typer": report, "goal": GOAL, "rounds": options.rounds}))


if __name__ == "__main__":
    main()
