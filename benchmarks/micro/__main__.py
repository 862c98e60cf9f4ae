"""``python -m benchmarks.micro [WORD]``: print nanoseconds for each idiom on the interpreter that runs this."""

from __future__ import annotations

import argparse
import platform

from .control import CONTROL
from .idiom import Group, measure
from .memory import MEMORY
from .numbers import NUMBERS

GROUPS: tuple[Group, ...] = (*MEMORY, *NUMBERS, *CONTROL)


def main() -> None:
    """Print one table for each group whose title contains the given word."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.micro", description=__doc__)
    parser.add_argument("word", nargs="?", default="", help="only groups whose title contains this word")
    parser.add_argument("--repeat", type=int, default=25, help="rounds; the minimum counts (default 25)")
    arguments = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, ns, empty loop subtracted")
    for group in GROUPS:
        if arguments.word in group.title:
            print(f"\n{group.title}")
            for idiom, nanoseconds in measure(group.idioms, arguments.repeat):
                print(f"  {nanoseconds:7.1f}  {idiom.name}")


if __name__ == "__main__":
    main()
