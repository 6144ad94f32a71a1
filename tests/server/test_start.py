"""Waking Django up."""

from __future__ import annotations

import os
import subprocess
import sys

from winback.server.start import django_ready


def test_twice_does_nothing() -> None:
    django_ready()
    django_ready()


def test_a_wrong_setting_is_a_user_error() -> None:
    environ = {**os.environ, "WINBACK_LOG": "loud", "DJANGO_SETTINGS_MODULE": "winback.server.settings"}
    code = (
        "from winback.errors import UserError\n"
        "from winback.server.start import django_ready\n"
        "try:\n    django_ready()\n"
        "except UserError as error:\n    print(error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True)
    assert (
        ran.stdout
        == 'WINBACK_LOG should be one of debug, info, warning, error; "loud" is not. Mend it and start again.\n'
    )
