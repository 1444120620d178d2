"""`python -m tests.bench [NAME …]`: runs the benches and prints their table; 1 where a budget is not met."""

import argparse
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench import board, discovering, listing, renewing, server, startup
from tests.bench.rows import Row

Bench = Callable[[Path, int], Iterator[Row]]
"""Takes an empty directory and how often to measure; gives rows as they are had."""
BENCHES: Mapping[str, Bench] = {
    "startup": startup.rows,
    "board": board.rows,
    "listing": listing.rows,
    "renewing": renewing.rows,
    "discovering": discovering.rows,
    "server": server.rows,
}


def main() -> int:
    """Prints each row when it is had, then the whole table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHES)}; none: all")
    parser.add_argument("--rounds", type=int, default=15, help="how often each thing is measured (15)")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHES]
    if unknown:
        parser.error(f"there is no bench {unknown[0]}; there are {', '.join(BENCHES)}")
    rows: list[Row] = []
    for name in arguments.names or BENCHES:
        with tempfile.TemporaryDirectory(prefix="sts-") as directory:
            for row in BENCHES[name](Path(directory), arguments.rounds):
                print(f"{row.what}: {row.ours} ({row.floor}), {row.ratio}", flush=True)
                rows.append(row)
    print(f"\n{platform.python_implementation()} {platform.python_version()}, {platform.system()}\n")
    print("| what | ours | measured against | ratio | budget | | peer |\n|---|---|---|---|---|---|---|")
    for row in rows:
        kept = "met" if row.kept else "NOT MET"
        print(f"| {' | '.join((*row[:5], kept, row.peer))} |")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
