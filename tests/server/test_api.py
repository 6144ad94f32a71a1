"""The API as a program meets it: a key, rows in, sentences back, and nothing twice."""

from __future__ import annotations

import errno
import json
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from pytest_django import Settings

from tests.server.factories import Cast
from winback.server.api import _trouble
from winback.server.customers.models import CustomerProfile
from winback.server.feedback.models import Feedback
from winback.server.middleware import FULL
from winback.server.workspaces import limits
from winback.server.workspaces.keys import make_key, revoke_key
from winback.server.workspaces.rules import Scope


class Api:
    """A program with a key."""

    def __init__(self, token: str) -> None:
        self.client, self.token = Client(), token

    def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        response = self.client.post(
            f"/api/v1/{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {self.token}"}
        )
        return response.status_code, response.json()


@pytest.fixture(autouse=True)
def _no_limits() -> None:
    limits.forget()


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(make_key(by=cast.access("ingrid"), name="survey tool")[1])


ANSWER = {
    "external_id": "r-1", "occurred_at": "2026-11-19T14:05:00+00:00", "customer": "C1", "score": 3,
    "comment": "Nobody came", "survey": "relationship", "attributes": {"region": "North"},
}  # fmt: skip


def test_masked_comments_are_told_where_the_workspace_asks_for_it(api: Api, cast: Cast) -> None:
    cast.larkspur.mask_comments = True
    cast.larkspur.save()
    said = {**ANSWER, "comment": "Nobody came, ring 912 345 678"}
    assert api.post("feedback", said) == (201, {"new": 1, "changed": 0, "same": 0, "refused": [], "masked": 1})
    assert Feedback.objects.get().comment == "Nobody came, ring [phone]"


def test_one_answer_made_known_and_changed(api: Api, cast: Cast) -> None:
    assert api.post("feedback", ANSWER) == (201, {"new": 1, "changed": 0, "same": 0, "refused": []})
    assert api.post("feedback", ANSWER) == (200, {"new": 0, "changed": 0, "same": 1, "refused": []})
    assert api.post("feedback", {**ANSWER, "score": 9})[1]["changed"] == 1
    row = Feedback.objects.visible(cast.larkspur).get()
    assert (row.score, row.source.name, row.attributes, row.local_date.isoformat()) == (
        9,
        "api",
        {"region": "North"},
        "2026-11-19",
    )


def test_two_sources_have_ids_of_their_own(api: Api, cast: Cast) -> None:
    api.post("feedback", {**ANSWER, "source": "shop"})
    api.post("feedback", {**ANSWER, "source": "web"})
    assert Feedback.objects.visible(cast.larkspur).count() == 2


def test_many_answers_and_one_that_cannot_be_taken(api: Api) -> None:
    status, told = api.post("feedback/batch", {"rows": [ANSWER, {**ANSWER, "external_id": "r-2", "score": 11}]})
    assert status == 200
    assert (told["new"], [row["place"] for row in told["refused"]]) == (1, [1])
    assert told["refused"][0]["sentence"].startswith("score 11 is outside 0-10;")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({**ANSWER, "scor": 3}, "scor: Extra inputs are not permitted."),
        ({**ANSWER, "external_id": " "}, "external_id: String should have at least 1 character."),
        ({**ANSWER, "score": "good"}, "score: Input should be a valid number, unable to parse string as a number."),
        ({**ANSWER, "occurred_at": "2026-11-19T14:05:00"}, "occurred_at: Input should have timezone info."),
        ({**ANSWER, "score": 12}, "score 12 is outside 0-10; leave it out where the question was not answered, or set another scale for the source."),
        ({**ANSWER, "money": "1.23456"}, "money: Decimal input should have no more than 4 decimal places."),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_a_sentence(api: Api, body: dict[str, Any], sentence: str) -> None:
    status, told = api.post("feedback", body)
    assert (status, told["detail"]) == (422, sentence)
    assert Feedback.objects.count() == 0


def test_customers_are_merged(api: Api, cast: Cast) -> None:
    assert api.post("customers", {"external_id": "C1", "name": "Keane", "attributes": {"region": "North"}})[0] == 201
    assert api.post("customers", {"external_id": "C1", "revenue": "12.50"})[0] == 200
    assert api.post("customers", {"external_id": "C1", "revenue": "12.50"})[1]["same"] == 1
    profile = CustomerProfile.objects.visible(cast.larkspur).get()
    assert (profile.name, str(profile.revenue), profile.attributes) == ("Keane", "12.5000", {"region": "North"})


def test_parents_are_customers_too(api: Api, cast: Cast) -> None:
    api.post(
        "customers/batch", {"rows": [{"external_id": "C2", "parent": "C1"}, {"external_id": "C3", "parent": "C3"}]}
    )
    names = CustomerProfile.objects.visible(cast.larkspur).values_list(
        "customer__external_id", "parent__external_id", "bare"
    )
    assert sorted(names, key=str) == [("C1", None, True), ("C2", "C1", False)]


def test_without_a_key_there_is_nothing(cast: Cast) -> None:
    status, told = Api("wb_aaaaaaaa_" + "x" * 43).post("feedback", ANSWER)
    assert status == 401
    assert told["detail"].startswith("This needs a key")


def test_a_revoked_key_opens_nothing(cast: Cast) -> None:
    key, token = make_key(by=cast.access("ingrid"), name="old")
    revoke_key(by=cast.access("ingrid"), key=key)
    assert Api(token).post("feedback", ANSWER)[0] == 401


def test_a_key_that_may_only_read(cast: Cast) -> None:
    _, token = make_key(by=cast.access("ingrid"), name="reader", role="viewer")
    status, told = Api(token).post("feedback", ANSWER)
    assert status == 403
    assert "may read and not write" in told["detail"]


def test_a_key_for_the_north_writes_to_the_north(cast: Cast) -> None:
    _, token = make_key(by=cast.access("ingrid"), name="north", scope=Scope({"region": ("North",)}))
    assert Api(token).post("feedback", ANSWER)[0] == 201
    status, told = Api(token).post("feedback", {**ANSWER, "external_id": "r-2", "attributes": {"region": "South"}})
    assert (status, told["detail"]) == (403, "This key writes rows whose region is North only.")


def test_a_key_for_the_north_takes_over_nothing_of_the_south(api: Api, cast: Cast) -> None:
    _, token = make_key(by=cast.access("ingrid"), name="north", scope=Scope({"region": ("North",)}))
    south, north = {"region": "South"}, {"region": "North"}
    api.post("feedback", {**ANSWER, "attributes": south})
    api.post("customers", {"external_id": "C1", "name": "Alder", "attributes": south})
    status, told = Api(token).post("feedback", {**ANSWER, "attributes": north})
    assert (status, told["detail"]) == (403, '"r-1" lies outside what this key may write.')
    status, told = Api(token).post("customers", {"external_id": "C1", "attributes": north})
    assert (status, told["detail"]) == (403, '"C1" lies outside what this key may write.')
    assert Api(token).post("customers", {"external_id": "C2", "attributes": north})[0] == 201
    assert Api(token).post("customers", {"external_id": "C2", "name": "Birch", "attributes": north})[0] == 200
    assert CustomerProfile.objects.visible(cast.larkspur).get(customer__external_id="C1").attributes == south


def test_a_key_for_the_north_answers_for_no_customer_of_the_south(api: Api, cast: Cast) -> None:
    """Else it could make anybody's latest score."""
    _, token = make_key(by=cast.access("ingrid"), name="north", scope=Scope({"region": ("North",)}))
    api.post("customers", {"external_id": "C1", "attributes": {"region": "South"}})
    refused = (403, {"detail": '"C1" lies outside what this key may write.'})
    assert Api(token).post("feedback", ANSWER) == refused
    assert Api(token).post("feedback/batch", {"rows": [{**ANSWER, "customer": "C2"}, ANSWER]}) == refused
    assert not Feedback.objects.exists()
    api.post("customers", {"external_id": "C1", "attributes": {"region": "North"}})
    assert Api(token).post("feedback", ANSWER)[0] == 201


def test_who_is_outside_is_not_found_out_by_trying(api: Api, cast: Cast) -> None:
    _, token = make_key(by=cast.access("ingrid"), name="tries", scope=Scope({"region": ("North",)}))
    api.post("customers", {"external_id": "C1", "attributes": {"region": "South"}})
    seen = [Api(token).post("feedback", ANSWER)[0] for _ in range(62)]
    assert (seen[0], seen[-1]) == (403, 429)


@pytest.mark.parametrize("scope", [Scope(own=True), Scope(teams=("Retention",))])
def test_a_key_for_teams_or_own_cases_writes_nothing(cast: Cast, scope: Scope) -> None:
    _, token = make_key(by=cast.access("ingrid"), name="team", scope=scope)
    assert Api(token).post("feedback", ANSWER)[0] == 403
    assert Api(token).post("customers", {"external_id": "C1"})[0] == 403


def test_too_many_guesses_wait(cast: Cast) -> None:
    guesser = Api("wb_aaaaaaaa_" + "x" * 43)
    seen = [guesser.post("feedback", ANSWER)[0] for _ in range(62)]
    assert seen[0] == 401
    assert seen[-1] == 429


def test_a_key_has_a_limit(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winback.server.api.PER_MINUTE", 2)
    api.post("feedback", ANSWER)
    api.post("feedback", ANSWER)
    status, told = api.post("feedback", ANSWER)
    assert (status, told["detail"]) == (429, "More than 2 rows a minute with this key.")


def test_the_description_stands_open_and_loads_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "https://" not in page.content.decode()
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/feedback", "/api/v1/feedback/batch", "/api/v1/customers", "/api/v1/customers/batch"} <= set(paths)


def test_what_a_program_posts_opens_no_session(api: Api) -> None:
    response = api.client.post("/api/v1/feedback", ANSWER, content_type="application/json")
    assert (response.status_code, response.headers["WWW-Authenticate"], dict(response.cookies)) == (401, "Bearer", {})
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in response.headers


def test_a_body_that_is_too_big_or_no_json_is_a_sentence(api: Api, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2
    status, told = api.post("feedback", {**ANSWER, "comment": "x" * 2 * 1024**2})
    assert (status, told["detail"]) == (413, "More than 1 MiB at once; send fewer rows.")
    assert api.post("feedback", "{")[0] == 400
    assert api.post("feedback", "[1]")[0] == 422


@pytest.mark.parametrize(
    "error", [OperationalError("database or disk is full"), OSError(errno.ENOSPC, "No space left")]
)
def test_a_full_disk_is_a_sentence(error: Exception) -> None:
    response = _trouble(RequestFactory().post("/"), error)
    assert (response.status_code, json.loads(response.content)) == (507, {"detail": FULL})


def test_any_other_trouble_shows_itself() -> None:
    with pytest.raises(OperationalError, match="locked"):
        _trouble(RequestFactory().post("/"), OperationalError("database is locked"))
