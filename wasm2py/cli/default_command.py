"""A group of commands of which one needs no name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import click


class DefaultCommandGroup(click.Group):
    """A group whose first argument may leave the command out.

    ``wasm2py mod.wasm`` and ``wasm2py run mod.wasm`` live side by side: a first argument that is no command's name
    belongs to the default command.  A file that is called like a command is given as ``./run``.

    :param default: the command that runs where none is named
    :param modules: for further commands the modules that have them, as ``NAME_command``: they are imported when a
        command is named, since nobody else should wait for that
    """

    def __init__(
        self, *, default: click.Command, modules: Mapping[str, str] = MappingProxyType({}), **attributes: Any
    ) -> None:
        super().__init__(**attributes)
        self.default = default
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands but the default one."""
        return sorted({*super().list_commands(ctx), *self.modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name in self.modules:
            command: click.Command = getattr(import_module(self.modules[cmd_name]), f"{cmd_name}_command")
            return command
        return super().get_command(ctx, cmd_name)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the command that ``args`` start with, or of the default command."""
        if args and (args[0] in self.modules or args[0] in self.commands):
            return super().make_context(info_name, args, parent, **extra)
        return self.default.make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that :meth:`make_context` chose."""
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)
