"""An OpenID Connect provider for tests: discovery, authorisation, token, user info and keys, with real RS256 signatures."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "winback", "the provider's word"


@dataclass
class Provider:
    """Who signs in there next (`person`: claims of the identity), and what winback asked."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    def sign_in(self, address: str) -> str:
        """Follow the address winback leads to, as a browser would: what winback is called back with."""
        words = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(words)
        assert words["client_id"] == CLIENT_ID
        assert words["response_type"] == "code"
        code = secrets.token_urlsafe(16)
        self.codes[code] = words
        return f"{words['redirect_uri']}?{urlencode({'code': code, 'state': words['state']})}"


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    """A provider on a free port of 127.0.0.1."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {
        "kid": "one",
        "use": "sig",
        "alg": "RS256",
    }
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/.well-known/openid-configuration":
                ends = {name: f"{provider.issuer}/{name}" for name in ("authorize", "token", "userinfo", "keys")}
                self.say({
                    "issuer": provider.issuer, "authorization_endpoint": ends["authorize"], "token_endpoint": ends["token"],
                    "userinfo_endpoint": ends["userinfo"], "jwks_uri": ends["keys"],
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                })  # fmt: skip
            elif path == "/keys":
                self.say({"keys": [public]})
            elif path == "/userinfo":
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                self.say(provider.tokens[token]) if token in provider.tokens else self.say({"error": "token"}, 401)
            else:
                self.say({"error": "not found"}, 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            words = {name: values[0] for name, values in parse_qs(body).items()}
            asked = provider.codes.pop(words.get("code", ""), None)
            challenge = hashlib.sha256(words.get("code_verifier", "").encode()).digest()
            proof = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
            if asked is None or words.get("client_secret") != CLIENT_SECRET or proof != asked.get("code_challenge"):
                self.say({"error": "invalid_grant"}, 400)
                return
            now = int(time.time())
            claims = {"iss": provider.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **provider.person}
            if "nonce" in asked:
                claims["nonce"] = asked["nonce"]
            access = secrets.token_urlsafe(16)
            provider.tokens[access] = dict(provider.person)
            identity = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "one"})
            self.say({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": identity})

        def say(self, answer: Any, status: int = 200) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
