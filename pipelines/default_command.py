"""A group of commands, one of which may stay unnamed: ``annotate P`` for ``annotate export P``.

Words that are no command's name, and options, go to the default command. A path that is called as a
command is written with a folder before it (``./import``).
"""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class ExportByDefault(TyperGroup):
    """A group whose command ``export`` is meant where none is named."""

    default = "export"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command's name before words that begin with none."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.default, *args]
        return super().parse_args(ctx, args)
