"""Whether an installation can be served: its settings are right, its database is there and fits this winback."""

from __future__ import annotations

import sys

from winback.errors import UserError


def steps_missing() -> list[str]:
    """The migrations this database still needs, by name. Raises UserError where it is out of reach or too new."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        known = set(executor.loader.disk_migrations)
        newer = sorted(
            f"{app}.{name}"
            for app, name in executor.loader.applied_migrations
            if app == "winback" and (app, name) not in known
        )
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise UserError(f"{unreachable(error)}") from None
    if newer:
        raise UserError(
            f"The database was used by a newer winback (it knows {newer[-1]}). Install that version again, or restore a backup."
        )
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def is_new() -> bool:
    """Whether nothing of winback is in the database yet."""
    from django.db import connection

    return "winback_workspace" not in connection.introspection.table_names()


def unreachable(error: Exception) -> str:
    """A sentence for a database that does not answer."""
    from django.conf import settings

    lines = str(error).strip().splitlines()
    told = lines[0] if lines else type(error).__name__
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        place = f"The database in {settings.HOME} cannot be used"
        return f"{place}: {told}. Is the disk full, and may this user write there? `winback doctor` looks."
    return f"The database at DATABASE_URL does not answer: {told}. Is it running, and is the address right?"


def require_ready() -> None:
    """Raise UserError, saying which command mends it, unless the database can be served."""
    from winback.server.start import django_ready

    django_ready()
    missing = steps_missing()
    if missing:
        if is_new():
            raise UserError("There is no winback here yet. Run `winback init`, which asks for what it needs.")
        raise UserError(
            f"The database is older than this winback ({len(missing)} step{'s' * (len(missing) > 1)} to take). "
            "Run `winback upgrade`: it makes a backup first."
        )


if __name__ == "__main__":
    try:
        require_ready()
    except UserError as error:
        print(f"winback: {error}", file=sys.stderr)  # noqa: T201 (it is a program of its own)
        sys.exit(2)
