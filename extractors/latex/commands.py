"""Commands: what ``data/latex_commands.toml`` says of them, looked up by name."""

from __future__ import annotations

from functools import cache

from scmine.extractors.lexicons import load_toml


@cache
def table(name: str) -> dict[str, str]:
    """One table of the file, values by name of command or environment."""
    found: dict[str, str] = load_toml("latex_commands.toml")[name]
    return found


@cache
def names(group: str) -> frozenset[str]:
    """The names in one list of the file."""
    return frozenset(table(group)["names"].split())


@cache
def commands(group: str) -> frozenset[str]:
    """The names in one list of the file, as commands with their backslash."""
    return frozenset("\\" + name for name in names(group))


@cache
def is_protected(command: str) -> bool:
    r"""Whether a paper may not define ``command`` (with its backslash) anew.

    >>> is_protected("\\section"), is_protected("\\Tc")
    (True, False)
    """
    return command[1:] in names("protected")


@cache
def is_known(command: str) -> bool:
    """Whether anything is known of ``command``, so that a package's definition is not needed."""
    name = command[1:]
    return (
        is_protected(command)
        or name in table("arguments")
        or name in table("text")
        or name in table("accents")
        or name in table("formulas")
    )
