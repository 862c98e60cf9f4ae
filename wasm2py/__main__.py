"""The program ``wasm2py``, also as ``python -m wasm2py``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line, on a Python that can."""
    if sys.version_info < (3, 11):
        sys.exit(
            "wasm2py: error: the compiler needs Python 3.11 or newer, this is "
            f"{sys.version_info[0]}.{sys.version_info[1]}; generated modules run on 3.9 and newer"
        )
    from wasm2py.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
