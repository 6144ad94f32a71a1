"""Erasure with a database of its own: while others write, in the file's free pages, and after a restored backup."""

from __future__ import annotations

from pathlib import Path

from tests.server.processes.installations import Installation

NAME = "Zaphira Quillfeather"
PLANT = f"""
from winback.server.workspaces.models import Workspace
from winback.server.customers.actions import record_customers
from winback.server.customers.rules import NewCustomer
from winback.server.exports.actions import refresh
from winback.server.feedback.actions import record
from winback.server.feedback.rules import NewFeedback
from winback.server.sources.actions import ensure_source
ws = Workspace.objects.get()
crm = ensure_source(workspace=ws, name="crm", kind="api", table="customers")
told = ensure_source(workspace=ws, name="survey", kind="api")
record_customers(workspace=ws, source=crm, rows=[NewCustomer(external_id=f"CUST-{{n}}", name="{NAME}" if n == 7 else f"N {{n}}") for n in range(50)])
record(workspace=ws, source=told, rows=[NewFeedback(external_id=str(n), score=n % 11, customer=f"CUST-{{n}}", comment="{NAME} wrote" if n == 7 else "fine") for n in range(50)])
refresh(workspace=ws)
"""
ERASE = """
from winback.server.customers.models import Customer
from winback.server.privacy.actions import erase_customer
erasure = erase_customer(customer=Customer.objects.get(external_id="CUST-7"))
print(json.dumps(erasure.done_at is not None))
"""
SNAPSHOT = """
import threading
from django.db import connection
from winback.server.exports.actions import snapshot
from winback.server.feedback.models import Feedback
def write():
    exec(sys.argv[1], {})
    connection.close()
with snapshot():
    before = Feedback.objects.count()
    writer = threading.Thread(target=write)
    writer.start()
    writer.join(60)
    inside = Feedback.objects.count()
print(json.dumps([before, inside, Feedback.objects.count()]))
"""


def traces(installation: Installation) -> list[str]:
    """Files of the home that hold the name."""
    return sorted(
        str(path.relative_to(installation.home))
        for path in installation.home.rglob("*")
        if path.is_file() and NAME.encode() in path.read_bytes()
    )


def in_database(installation: Installation) -> int:
    return sum(
        installation.sql(f"SELECT count(*) FROM {table} WHERE {column} LIKE '%Quillfeather%'")[0][0]
        for table, column in (("winback_customerprofile", "name"), ("winback_feedback", "comment"))
    )


def test_a_refresh_reads_one_state_and_keeps_nobody_from_writing(installation: Installation) -> None:
    assert installation.python(SNAPSHOT, PLANT) == [0, 0, 50]


def test_an_erasure_holds_in_every_file_and_in_a_restored_backup(installation: Installation, tmp_path: Path) -> None:
    installation.python(PLANT)
    assert in_database(installation) == 2
    assert any(name.startswith("warehouse/") for name in traces(installation))
    backup = tmp_path / "before.backup"
    ran = installation.run("backup", str(backup))
    assert ran.returncode == 0, ran.stderr

    assert installation.python(ERASE) is True
    assert in_database(installation) == 0
    assert traces(installation) == []

    ran = installation.run("restore", str(backup), "--yes")
    assert ran.returncode == 0, ran.stderr
    assert in_database(installation) == 0
    assert traces(installation) == []
    assert installation.sql("SELECT count(*) FROM winback_feedback") == [(50,)]
