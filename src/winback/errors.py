"""The errors of winback: what a user can mend, and everything else.

A `UserError` is a sentence for a person: what was wrong, where, and what to do. The command line prints it
without a traceback and exits with 2. Any other exception is a bug of ours and shows itself with its traceback.
"""

from __future__ import annotations


class WinbackError(Exception):
    """The root of winback's own errors."""


class UserError(WinbackError):
    """Something the user can mend. The message says what was wrong, where, and what to do."""
