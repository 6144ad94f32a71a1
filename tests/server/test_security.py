"""What a browser is told to be careful about: cookies, transport, and templates that leave nothing to inject into."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

import winback.server
from tests.server.factories import Cast

TEMPLATES = Path(winback.server.__file__).parent / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))

# asks a server for its sign-in page and the answer to a good password, and prints what it says of cookies and transport
SCRIPT = """
import json, sys
from winback.server.start import django_ready
django_ready()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from winback.server.workspaces.actions import create_user
call_command("migrate", verbosity=0)
create_user(email="ann@example.com", password="seven rainy harbours")
settings.ALLOWED_HOSTS.append("testserver")
secure = settings.SECURE
client = Client()
plain = client.get("/accounts/login/")
page = client.get("/accounts/login/", secure=secure)
answer = client.post("/accounts/login/", {"login": "ann@example.com", "password": "seven rainy harbours"}, secure=secure)
cookies = {name: {k: v for k, v in cookie.items() if v} for name, cookie in client.cookies.items()}
print(json.dumps({"plain": plain.status_code, "to": plain.headers.get("Location"), "page": page.status_code,
  "answer": answer.status_code, "cookies": cookies, "hsts": page.headers.get("Strict-Transport-Security")}))
"""


def told(tmp_path: Path, base_url: str) -> dict[str, object]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("WINBACK_", "DJANGO_", "DATABASE_"))
    }
    environ = kept | {"WINBACK_HOME": str(tmp_path), "WINBACK_BASE_URL": base_url, "WINBACK_SECRET_KEY": "k" * 50}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environ, capture_output=True, text=True, check=False, timeout=400
    )
    assert run.returncode == 0, run.stderr[-2000:]
    answer: dict[str, object] = json.loads(run.stdout.strip().splitlines()[-1])
    return answer


def test_over_https_cookies_never_travel_in_the_clear(tmp_path: Path) -> None:
    seen = told(tmp_path, "https://winback.example.com")
    assert seen["plain"] == 301
    assert str(seen["to"]).startswith("https://")
    assert seen["answer"] == 302
    assert seen["hsts"] == "max-age=31536000"
    cookies = seen["cookies"]
    assert isinstance(cookies, dict)
    assert set(cookies) >= {"winback_session", "winback_csrf"}
    for name in ("winback_session", "winback_csrf"):
        cookie = cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax"), name
        assert not cookie.get("domain")


def test_over_plain_http_on_ones_own_machine_one_can_sign_in(tmp_path: Path) -> None:
    seen = told(tmp_path, "http://127.0.0.1:8000")
    assert (seen["plain"], seen["answer"], seen["hsts"]) == (200, 302, None)
    cookies = seen["cookies"]
    assert isinstance(cookies, dict)
    assert all(cookie["httponly"] and not cookie.get("secure") for cookie in cookies.values() if cookie)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_no_template_needs_an_unsafe_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "put it into pages.css"
    assert "<style" not in text, "put it into pages.css"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "put it into pages.js"
    assert "javascript:" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert " src=" in tag or 'type="application/json"' in tag, f"{tag}: no script stands in a page"
    assert not re.search(r"\b(src|href|action)\s*=\s*[\"']?(https?:)?//", text), "a page loads nothing from elsewhere"
    assert "|safe" not in text, "say in Python what is safe, and why"
    assert "autoescape off" not in text
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.S):
        assert "csrf_token" in form, form[:200]


def test_templates_were_found() -> None:
    assert len(PAGES) > 30


def test_a_session_is_new_after_signing_in_and_gone_after_signing_out(cast: Cast) -> None:
    user = cast.people["amara"]
    user.set_password("seven rainy harbours")
    user.save()
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["kept"] = True
    session.save()
    before = client.cookies["winback_session"].value if "winback_session" in client.cookies else ""
    client.post("/accounts/login/", {"login": user.email, "password": "seven rainy harbours"})
    during = client.cookies["winback_session"].value
    assert during != before
    client.post("/accounts/logout/")
    other = Client()
    other.cookies["winback_session"] = during
    assert other.get("/w/larkspur/more/").status_code == 302
