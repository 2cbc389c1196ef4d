"""The command line of users: ``users add``, ``list``, ``role``, ``password``, ``disable`` and more.

Passwords are asked for or read from standard input, never taken as an argument, which other
programs on the machine could read. Nothing is imported before a command is called.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import AsJson, Config, Db, open_named

if TYPE_CHECKING:
    from scmine.database.users import Role

users_app = typer.Typer(
    help="Users of the web pages: who may read, curate and administer (docs/serve.md).",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
RoleName = Annotated[
    str | None,
    typer.Option(
        "--role",
        metavar="viewer|curator|admin",
        help="What the user may do. Default: admin for the first user, viewer for later ones.",
    ),
]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, its first line."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line ``app``."""
    app.add_typer(users_app, name="users")


@users_app.command(no_args_is_help=True)
def add(
    name: Name,
    role: RoleName = None,
    password_stdin: FromStdin = False,
    db: Db = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Add a user; the password is asked for. From the first user on, all have to log in.

    \b
    Examples:
      scmine users add ada
      scmine users add cora --role curator --db sc.db
      pass show scmine/ada | scmine users add ada --password-stdin

    \b
    Exit codes: 0 added; 1 the name is taken or name or password cannot be taken; 2 wrong usage.
    """
    with clear_errors(debug=debug):
        from scmine.database.users import Users
        from scmine.pipelines.person import login_name

        wanted = _role(role)
        with open_named(db, config) as database:
            password = _password(from_stdin=password_stdin)
            user = Users(database).add(name, password, wanted, by=login_name())
            print(f"{user.name} is {_article(user.role.name.lower())} of {database.where}")


@users_app.command(name="list")
def list_users(
    db: Db = None, as_json: AsJson = False, config: Config = None, debug: Debug = False
) -> None:
    """List the users with their roles."""
    with clear_errors(debug=debug):
        from scmine.pipelines.users import print_users

        with open_named(db, config) as database:
            print_users(database, as_json=as_json)


@users_app.command(no_args_is_help=True)
def role(
    name: Name,
    role: Annotated[
        str, typer.Argument(metavar="viewer|curator|admin", help="What the user may do.")
    ],
    db: Db = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Change what a user may do, from the next request on; the last admin stays one."""
    with clear_errors(debug=debug):
        from scmine.database.users import Users
        from scmine.pipelines.person import login_name

        wanted = _role(role)
        assert wanted is not None
        with open_named(db, config) as database:
            Users(database).set_role(name, wanted, by=login_name())
            print(f"{name} is {_article(wanted.name.lower())} now")


@users_app.command(no_args_is_help=True)
def password(
    name: Name,
    password_stdin: FromStdin = False,
    db: Db = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Give a user another password, which is asked for; all log-ins of the user end."""
    with clear_errors(debug=debug):
        from scmine.database.users import Users
        from scmine.pipelines.person import login_name

        with open_named(db, config) as database:
            new = _password(from_stdin=password_stdin)
            Users(database).set_password(name, new, by=login_name())
            print(f"{name} has another password now, and is logged out everywhere")


@users_app.command(no_args_is_help=True)
def disable(name: Name, db: Db = None, config: Config = None, debug: Debug = False) -> None:
    """Lock a user out: log-ins end, tokens do not work; what the user did stays."""
    with clear_errors(debug=debug), open_named(db, config) as database:
        from scmine.database.users import Users
        from scmine.pipelines.person import login_name

        Users(database).disable(name, by=login_name())
        print(f"{name} is locked out")


@users_app.command(no_args_is_help=True)
def enable(name: Name, db: Db = None, config: Config = None, debug: Debug = False) -> None:
    """Let a user in again that was locked out."""
    with clear_errors(debug=debug), open_named(db, config) as database:
        from scmine.database.users import Users
        from scmine.pipelines.person import login_name

        Users(database).enable(name, by=login_name())
        print(f"{name} may log in again")


@users_app.command(no_args_is_help=True)
def token(
    name: Name,
    label: Annotated[
        str, typer.Option("--for", metavar="TEXT", help="What the token is for, as it is listed.")
    ] = "command line",
    role: Annotated[
        str | None,
        typer.Option(
            "--role",
            metavar="viewer|curator|admin",
            help="What a program with it may do. Default: what the user may.",
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=3650, metavar="N", help="It ends after N days. Default: never."),
    ] = None,
    revoke: Annotated[
        int | None,
        typer.Option(metavar="ID", help="Make none; end the token with this id instead."),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Make none; list the tokens.")] = False,
    as_json: AsJson = False,
    db: Db = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Make a token by which a program uses the API as a user, and print it, this one time.

    \b
    Examples:
      scmine users token cora --for "nightly export" --role viewer --days 365
      scmine users token cora --list
      scmine users token cora --revoke 3
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.users import make_token, print_tokens, revoke_token

        if revoke is not None and show:
            usage_error("--list and --revoke exclude each other")
        wanted = _role(role)
        with open_named(db, config) as database:
            if show:
                print_tokens(database, name, as_json=as_json)
            elif revoke is not None:
                revoke_token(database, name, revoke)
            else:
                make_token(database, name, label, wanted, days)


@users_app.command()
def log(
    limit: Annotated[
        int, typer.Option(min=1, metavar="N", help="Lines at most, the latest ones.")
    ] = 50,
    as_json: AsJson = False,
    db: Db = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Show the audit log, latest first: log-ins, failures, changes of users."""
    with clear_errors(debug=debug):
        from scmine.pipelines.users import print_log

        with open_named(db, config) as database:
            print_log(database, limit, as_json=as_json)


def _password(*, from_stdin: bool) -> str:
    """A new password, asked for twice or read."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        usage_error(
            "there is no terminal to ask for the password; give --password-stdin to read it from "
            "standard input"
        )
    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return given


def _role(name: str | None) -> Role | None:
    """The role of a name; a usage error if there is none."""
    from scmine.database.users import Role, UserError

    try:
        return None if name is None else Role.named(name)
    except UserError as error:
        usage_error(str(error))


def _article(role: str) -> str:
    return f"an {role}" if role == "admin" else f"a {role}"
