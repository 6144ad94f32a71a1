"""`python -m winback` is the same as `winback`."""

from winback.cli.main import run

run()
