from __future__ import annotations

import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import begun
from winback.server.imports.overlays import (
    ContactWriter,
    DepartureWriter,
    InvitationWriter,
    PeriodWriter,
    ProfileWriter,
)
from winback.server.imports.writers import VERSIONED, FeedbackWriter, writer_of

pytestmark = pytest.mark.django_db


def test_a_writer_for_every_table(cast: Cast) -> None:
    run = begun(cast.larkspur, "id,date,person,score\n1,2026-10-01,P1,9\n2,2026-10-02,P2,0\n")
    account = {"fields": [], "counts": [], "attributes": []}
    writers = {"feedback": FeedbackWriter, "customers": ProfileWriter, "customer_periods": PeriodWriter, "departures": DepartureWriter, "contacts": ContactWriter, "invitations": InvitationWriter}  # fmt: skip
    for table, kind in writers.items():
        run.table = table
        writer = writer_of(run, account)
        assert type(writer) is kind and writer.model in VERSIONED
        names = {field.column for field in writer.model._meta.fields}
        assert set(writer.columns) <= names and set(writer.constants("now")) <= names
