"""The sample company as a workspace: made once from its files, found again, made anew where it was broken off."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

MAKE = """
import json, sys
from pathlib import Path
from winback.datasets import write_sample
from winback.server.demo import make_demo

folder, said = Path(sys.argv[1]), []
files = {path.stem: path for path in write_sample(folder / "files", size=60)}
home = folder / "home"
(home / "half-made").mkdir(parents=True)  # a start that was broken off
first = make_demo(home, files, say=said.append)
again = make_demo(home, files, say=lambda text: said.append(f"again: {text}"))

from winback.server.outbox.models import OutboxMessage
from winback.server.sources.models import SyncRun
from winback.server.workspaces.models import Membership, Workspace

print(json.dumps({
    "said": said,
    "same": first == again,
    "left": (home / "half-made").exists(),
    "email": first.email,
    "people": sorted(Membership.objects.values_list("user__email", "role")),
    "sends": Workspace.objects.get().sending,
    "waiting": OutboxMessage.objects.count(),
    "runs": list(SyncRun.objects.order_by("pk").values_list("file_name", "state")),
    "files": sorted(path.name for path in (home / "warehouse").glob("*/*")),
}))
"""


def test_the_company_is_made_once_with_its_people_and_sends_nothing(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("WINBACK_", "DJANGO_"))}
    environ["DATABASE_URL"] = "postgres://elsewhere/yours"  # an installation of the user's own is not touched
    ran = subprocess.run(
        [sys.executable, "-c", MAKE, str(tmp_path)], env=environ, capture_output=True, text=True, timeout=600
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["said"][0].strip() == "customers.csv: 60 rows"
    assert not [line for line in told["said"] if line.startswith("again")] and told["same"]
    assert told["left"] is False
    assert told["people"] == [
        ["amara@larkspur.example", "member"], ["hanna@larkspur.example", "admin"], ["rafael@larkspur.example", "viewer"],
    ]  # fmt: skip
    assert (told["sends"], told["waiting"]) == ("off", 0)
    imported = [name for name, state in told["runs"] if state == "published"]
    assert imported == [
        "customers.csv",
        "contacts.csv",
        "feedback.csv",
        "periods.csv",
        "departures.csv",
        "invitations.csv",
    ]
    assert told["files"]
    kept = tmp_path / "home" / "sign-in"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
