"""Signing in as a browser does it: every step audited, guesses slowed down, a second factor asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.server.factories import Cast
from winback.errors import UserError
from winback.server.jobs.actions import run_due
from winback.server.jobs.models import Job
from winback.server.workspaces import sign_in
from winback.server.workspaces.models import AuditEvent, User

PASSWORD = "seven rainy harbours"


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


@pytest.fixture
def amara_user(cast: Cast) -> User:
    user = cast.people["amara"]
    user.set_password(PASSWORD)
    user.save()
    return user


def give(client: Client, password: str, email: str = "amara@larkspur.example", **more: Any) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password}, **more)


def told() -> list[tuple[str, str, str]]:
    """Verb, who, and whom it is about, in order."""
    chosen = AuditEvent.objects.exclude(verb__in=["user made", "member added", "workspace made"]).order_by("id")
    return [(event.verb, event.by_label, event.target) for event in chosen]


def test_in_and_out_stand_in_the_audit(cast: Cast, amara_user: User) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    assert give(client, PASSWORD, email="Amara@Larkspur.example")["Location"] == "/"
    client.post("/accounts/logout/")
    assert told() == [
        ("signed in", "amara@larkspur.example", "amara@larkspur.example"),
        ("signed out", "amara@larkspur.example", "amara@larkspur.example"),
    ]
    event = AuditEvent.objects.get(verb="signed in")
    assert (event.workspace, event.address, event.detail) == (cast.larkspur, "192.0.2.7", {"way": "password"})


def test_a_wrong_password_stands_there_too_but_no_unknown_address(amara_user: User) -> None:
    assert "not correct" in give(Client(), "wrong").content.decode()
    assert "not correct" in give(Client(), "wrong", email="my-password@typed.here").content.decode()
    assert told() == [("sign-in failed", "somebody", "amara@larkspur.example")]


def test_guesses_are_slowed_down(amara_user: User) -> None:
    for _ in range(5):
        give(Client(), "wrong")
    answer = give(Client(), PASSWORD)
    assert answer.status_code == 200
    assert "Too many failed" in answer.content.decode()
    assert not any(verb == "signed in" for verb, *_ in told()), "not even with the right one, for five minutes"
    # another person at another address is not held up
    other = User.objects.create_user("bo@larkspur.example", PASSWORD)
    assert give(Client(REMOTE_ADDR="192.0.2.9"), PASSWORD, email=other.email).status_code == 302


def test_one_address_of_the_net_does_not_try_everybody(amara_user: User) -> None:
    client = Client(REMOTE_ADDR="192.0.2.8")
    answers = [give(client, "wrong", email=f"person-{number}@larkspur.example") for number in range(31)]
    assert answers[9].status_code == 200
    assert "Too many failed" in answers[10].content.decode()
    assert answers[30].status_code == 429
    assert "too often" in answers[30].content.decode()


def test_a_closed_account_stays_out(amara_user: User) -> None:
    User.objects.filter(pk=amara_user.pk).update(is_active=False)
    client = Client()
    give(client, PASSWORD)
    assert client.get("/w/larkspur/more/").status_code == 302
    signed_in = Client()
    User.objects.filter(pk=amara_user.pk).update(is_active=True)
    give(signed_in, PASSWORD)
    User.objects.filter(pk=amara_user.pk).update(is_active=False)
    assert signed_in.get("/w/larkspur/more/").status_code == 302, "a session does not outlive its account"


def test_after_signing_in_one_is_where_one_wanted_but_never_elsewhere(amara_user: User) -> None:
    assert give(Client(), PASSWORD, query_params={"next": "/w/larkspur/more/"})["Location"] == "/w/larkspur/more/"
    assert give(Client(), PASSWORD, query_params={"next": "https://evil.example/"})["Location"] == "/"


def test_nobody_signs_up(db: None) -> None:
    answer = Client().post("/accounts/signup/", {"email": "eve@example.com", "password1": PASSWORD})
    assert "Nobody signs up here" in answer.content.decode()
    assert not User.objects.filter(email="eve@example.com").exists()


def test_the_second_factor_from_its_picture_to_the_recovery_code(
    cast: Cast, amara_user: User, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    give(client, PASSWORD)
    once_more = client.get("/accounts/2fa/totp/activate/")["Location"]
    assert "Is it you?" in client.get(once_more).content.decode()
    assert client.post(once_more, {"password": PASSWORD}).status_code == 302
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert 'src="data:image/svg+xml;' in page
    secret = re.search(r'<code class="secret">(\w+)</code>', page)[1]  # type: ignore[index]
    counter = next(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(secret, counter))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    codes = re.findall(r"\b\d{8}\b", client.get("/accounts/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10

    other = Client()
    assert give(other, PASSWORD)["Location"].startswith("/accounts/2fa/authenticate/")
    assert other.get("/w/larkspur/more/").status_code == 302, "a password alone opens nothing"
    assert other.post("/accounts/2fa/authenticate/", {"code": "12345678"}).status_code == 200
    assert other.post("/accounts/2fa/authenticate/", {"code": codes[0]})["Location"] == "/"
    assert other.get("/w/larkspur/more/").status_code == 200
    again = Client()
    give(again, PASSWORD)
    assert again.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200, "each works once"

    verbs = [verb for verb, *_ in told()]
    assert verbs.count("second factor added") >= 1
    assert verbs.count("second factor failed") == 2
    event = AuditEvent.objects.filter(verb="signed in").order_by("-id")[0]
    assert event.detail == {"way": "mfa, password"}


def test_what_a_second_factor_is_made_of_lies_sealed(amara_user: User, settings: Any) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    factor = TOTP.activate(amara_user, "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DP" not in str(factor.instance.data) and factor.instance.data["secret"].startswith("sealed1:")
    settings.SECRET_KEY = "another key that is long enough, as keys go"
    with pytest.raises(UserError, match="Ask whoever runs it for a sign-in link"):
        factor.validate_code("123456")


def test_codes_are_not_guessed_either(amara_user: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(amara_user, "JBSWY3DPEHPK3PXP")
    client = Client()
    give(client, PASSWORD)
    answers = [client.post("/accounts/2fa/authenticate/", {"code": f"{n:06d}"}).content.decode() for n in range(7)]
    assert "Too many failed" in answers[-1]


def test_a_forgotten_password(cast: Cast, amara_user: User, settings: Any) -> None:
    settings.MAIL_CONFIGURED = True
    before = Client()
    give(before, PASSWORD)
    for email in ("amara@larkspur.example", "nobody@larkspur.example"):
        answer = Client().post("/accounts/password/reset/", {"email": email})
        assert answer["Location"] == "/accounts/password/reset/done/", "the page does not tell who is known here"
    assert Job.objects.filter(task="accounts.reset").count() == 1
    assert "amara" not in str(Job.objects.get(task="accounts.reset").arguments)
    run_due()
    (sent,) = mail.outbox
    link = re.search(r"http://127\.0\.0\.1:8000(/\S+)", str(sent.body))[1]  # type: ignore[index]
    client = Client()
    form = client.get(link)["Location"]
    assert "secret" not in form
    wanted = {"password1": "eight quiet lanterns", "password2": "eight quiet lanterns"}
    assert client.post(form, wanted).status_code == 302
    assert "This link is over" in Client().get(link, follow=True).content.decode()
    assert before.get("/w/larkspur/more/").status_code == 302, "whoever was in is out"
    assert give(Client(), "eight quiet lanterns").status_code == 302
    assert ("password set", "amara@larkspur.example", "amara@larkspur.example") in told()


def test_without_a_mail_server_no_job_is_asked_for_and_the_operator_is_told(amara_user: User, settings: Any) -> None:
    settings.MAIL_CONFIGURED = False
    Client().post("/accounts/password/reset/", {"email": "amara@larkspur.example"})
    assert not Job.objects.filter(task="accounts.reset").exists()
    with pytest.raises(UserError, match="WINBACK_MAIL_URL"):
        sign_in.send_reset(amara_user)
    assert sign_in.reset_link(amara_user).startswith("http://127.0.0.1:8000/accounts/password/reset/key/")


def test_a_new_password_is_a_good_one(amara_user: User) -> None:
    client = Client()
    give(client, PASSWORD)
    for weak, sentence in (("short", "at least 10"), ("password123", "too common"), ("amara@larkspur", "too similar")):
        wanted = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        assert sentence in client.post("/accounts/password/change/", wanted).content.decode()


def test_what_happens_to_an_account_stands_in_each_of_its_workspaces(cast: Cast) -> None:
    from winback.server.workspaces.actions import add_member

    add_member(workspace=cast.merritt, user=cast.people["amara"], role="viewer")
    sign_in.record_for(cast.people["amara"], "signed in", by=cast.people["amara"])
    assert set(AuditEvent.objects.filter(verb="signed in").values_list("workspace__slug", flat=True)) == {
        "larkspur",
        "merritt",
    }
    alone = User.objects.create_user("alone@example.com")
    sign_in.record_for(alone, "sign-in failed", by=None)
    assert AuditEvent.objects.get(verb="sign-in failed").workspace is None
