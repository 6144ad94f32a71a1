from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests.server.factories import Cast, make_contact
from tests.server.imports.bringing import begun, brought
from winback.server.customers.actions import edit_customer, ensure_customers, record_customers
from winback.server.customers.models import ContactProfile, Customer, CustomerProfile
from winback.server.customers.rules import NewCustomer
from winback.server.imports import actions, undoing
from winback.server.imports.settling import settle
from winback.server.jobs.actions import run_due
from winback.server.sources.actions import ensure_source, live_run
from winback.server.sources.models import LateWrite, SyncRun
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
FILE = (
    "customer,name,owner,region,plan\n"
    "C1,Bo,Kim,North,gold\nC2,Zoe,Kim,North,gold\nC3,Yan,Kim,East,iron\nC4,Xi,Kim,East,iron\n"
)


def staged(workspace: Workspace, text: str, name: str = "customers.csv") -> SyncRun:
    run = begun(workspace, text, name)
    assert actions._take_turn(run) and actions._stage(run, 60, lambda done, total: None)
    return run


def seen_of(workspace: Workspace) -> CustomerProfile:
    """The one profile that is seen of C1."""
    profile: CustomerProfile = CustomerProfile.objects.visible(workspace).get(customer__external_id="C1")
    return profile


def by_api(workspace: Workspace, **said: object) -> None:
    source = ensure_source(workspace=workspace, name="crm", kind="api", table="customers")
    record_customers(workspace=workspace, source=source, rows=[NewCustomer("C1", **said)])  # type: ignore[arg-type]


def test_a_bare_profile_yields_to_one_that_says_something(cast: Cast) -> None:
    run = staged(cast.larkspur, "id,date,customer,score\n1,2026-10-01,C1,9\n2,2026-10-02,C2,0\n", "answers.csv")
    by_api(cast.larkspur, name="Ada")
    source = ensure_source(workspace=cast.larkspur, name="crm", kind="api", table="customers")
    ensure_customers(workspace=cast.larkspur, run=live_run(source=source), external_ids={"C2"})
    assert settle(run) == 2 and settle(run) == 0
    actions.publish(run=run)
    seen = list(CustomerProfile.objects.visible(cast.larkspur).values_list("customer__external_id", "name"))
    assert sorted(seen) == [("C1", "Ada"), ("C2", "")]


@pytest.mark.parametrize("known_by", ["nobody", "the API", "a file"])
def test_what_was_changed_while_a_file_was_read_in_stays_and_the_rest_is_the_files(cast: Cast, known_by: str) -> None:
    if known_by == "the API":
        by_api(cast.larkspur, name="Al", owner_name="Joe", attributes={"region": "South", "plan": "tin"})
    elif known_by == "a file":
        brought(cast.larkspur, FILE.replace("Bo,Kim,North,gold", "Al,Joe,South,tin"), "customers.csv")
    run = staged(cast.larkspur, FILE)
    by_api(cast.larkspur, name="Ada", attributes={"region": "West"})
    actions.publish(run=run)
    seen = seen_of(cast.larkspur)
    assert (seen.name, seen.owner_name, seen.attributes) == ("Ada", "Kim", {"region": "West", "plan": "gold"})
    assert seen.run_id == run.pk and not LateWrite.objects.exists()
    undoing.begin(run=run)
    run_due()
    back = seen_of(cast.larkspur)
    owner = "" if known_by == "nobody" else "Joe"
    assert (back.name, back.owner_name, back.attributes["region"]) == ("Ada", owner, "West")


def test_two_edits_by_two_sources_before_and_after_a_row_was_read(cast: Cast) -> None:
    by_api(cast.larkspur, name="Al", owner_name="Joe")
    run = begun(cast.larkspur, FILE, "customers.csv")
    assert actions._take_turn(run)
    by_api(cast.larkspur, name="Ada")
    assert actions._stage(run, 60, lambda done, total: None)
    edit_customer(access=cast.access("hanna"), customer=Customer.objects.get(external_id="C1"), owner_name="Eve")
    actions.publish(run=run)
    seen = seen_of(cast.larkspur)
    assert (seen.name, seen.owner_name, seen.attributes) == ("Ada", "Eve", {"region": "North", "plan": "gold"})


def test_an_edit_outlives_an_import_that_is_given_up(cast: Cast) -> None:
    brought(cast.larkspur, FILE, "customers.csv")
    run = staged(cast.larkspur, FILE.replace("Bo", "Cy"))
    by_api(cast.larkspur, name="Ada")
    actions.cancel(run=run)
    run_due()
    assert seen_of(cast.larkspur).name == "Ada" and not LateWrite.objects.exists()


def test_a_person_changed_while_a_file_of_people_was_read_in(cast: Cast) -> None:
    make_contact(cast.larkspur, "P1", customer="C1", name="Al", email="al@x.example")
    run = staged(cast.larkspur, "contact id,customer,name,email\nP1,C1,Bo,bo@x.example\n", "contacts.csv")
    make_contact(cast.larkspur, "P1", email="new@x.example")
    actions.publish(run=run)
    seen = ContactProfile.objects.visible(cast.larkspur).get()
    assert (seen.name, seen.email) == ("Bo", "new@x.example")


def _meanwhile(work: Callable[[], None]) -> tuple[threading.Thread, list[BaseException]]:
    """Start something on a connection of its own, and come back when it waits for a lock, or is done."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0]:
                break
    return thread, errors


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["the API", "the switch"])
@pytest.mark.parametrize("what", ["publish", "undo"])
def test_a_customer_written_in_the_moment_of_a_switch_is_seen_once(cast: Cast, first: str, what: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time")
    brought(cast.larkspur, FILE, "customers.csv")
    if what == "publish":
        run = staged(cast.larkspur, FILE.replace("Bo,Kim", "Cy,Lou"))
    else:
        run = brought(cast.larkspur, FILE.replace("Bo,Kim", "Cy,Lou"), "customers.csv")
        undoing.begin(run=run)
        run.refresh_from_db()

    def switch() -> None:
        if what == "publish":
            actions.publish(run=run)
        else:
            undoing.undo(run=run)

    def write() -> None:
        by_api(cast.larkspur, name="Ada")

    with transaction.atomic():
        write() if first == "the API" else switch()
        thread, errors = _meanwhile(switch if first == "the API" else write)
    thread.join()
    assert not errors
    seen = seen_of(cast.larkspur)
    assert seen.name == "Ada"
    if what == "publish":
        assert seen.owner_name == "Lou"
