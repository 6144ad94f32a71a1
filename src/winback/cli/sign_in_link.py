"""`winback sign-in-link`: lets somebody in again who lost the password or the phone."""

from __future__ import annotations

import click


@click.command("sign-in-link", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("address")
@click.option("--drop-second-factor", is_flag=True, help="Also switch the second factor off: the phone is gone.")
def sign_in_link(address: str, drop_second_factor: bool) -> None:
    """Print a link at which whoever signs in with ADDRESS sets a new password; good for an hour, and once.

    Hand it over by a way you trust. It stands in the audit that a link was made.
    """
    from winback.server.processes.letting_in import link

    print(link(address, drop_second_factor=drop_second_factor))
