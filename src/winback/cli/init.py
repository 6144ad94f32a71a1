"""`winback init`: the first administrator and the first workspace."""

from __future__ import annotations

import sys

import click

from winback.cli.demo import typed
from winback.errors import UserError


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--email", metavar="ADDRESS", help="The first administrator signs in with it.")
@click.option("--name", metavar="NAME", help="What the administrator is called.")
@click.option("--workspace", metavar="NAME", help="What the workspace is called: your company, as a rule.")
@click.option("--zone", metavar="ZONE", help="The time zone days are counted in, like Europe/Lisbon.")
@click.option("--currency", metavar="CODE", help="The currency money is shown in, like EUR.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def init(
    email: str | None,
    name: str | None,
    workspace: str | None,
    zone: str | None,
    currency: str | None,
    password_stdin: bool,
) -> None:
    """Make the database, its first administrator and its first workspace; what is not given is asked.

    Everything lies in the folder that WINBACK_HOME names. The new workspace sends nothing until an administrator
    switches sending on.
    """
    asks = sys.stdin.isatty() and not password_stdin
    email = _asked(email, "--email", "Your e-mail address", asks)
    name = _asked(name, "--name", "Your name", asks)
    workspace = _asked(workspace, "--workspace", "Your company or programme", asks)
    zone = _asked(zone, "--zone", "Time zone", asks, usual="UTC")
    currency = _asked(currency, "--currency", "Currency (three letters, or -)", asks, usual="-").strip("-").upper()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif asks:
        password = click.prompt("A password, at least 10 characters", hide_input=True, confirmation_prompt=True)
    else:
        raise UserError("There is nobody to ask for the password. Give it on standard input with --password-stdin.")

    from winback.server.processes.installing import install

    made = install(email=email, name=name, password=password, workspace=workspace, zone=zone, currency=currency)
    say = f"""\
winback is set up in {made.home}.
Start it:        {typed()} serve
Then sign in at  {made.address} as {email.strip().lower()}
It sends nothing until you switch sending on in its settings. What may be wrong, {typed()} doctor tells."""
    print(say, file=sys.stderr)


def _asked(given: str | None, option: str, question: str, asks: bool, usual: str | None = None) -> str:
    if given is not None:
        return given
    if asks:
        return str(click.prompt(question, default=usual))
    if usual is not None:
        return usual
    raise UserError(f"{option} is missing, and there is nobody to ask. Give it as an option.")
