"""The command line: the one place that prints and exits."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from wasm2py.cli.default_command import DefaultCommandGroup
from wasm2py.cli.outcomes import exit_code
from wasm2py.cli.transpile import transpile_command

group = DefaultCommandGroup(name="wasm2py", default=transpile_command, modules={"run": "wasm2py.cli.run"})
"""The program; further commands are named here."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    :param arguments: without the program's name; ``sys.argv`` where ``None``
    :raises SystemExit: always, with the exit code
    """
    sys.exit(exit_code(group, arguments))
