"""The server's settings under test: a home of its own for every process, and passwords hashed quickly."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="winback-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("WINBACK_")]:
    del os.environ[_name]
os.environ["WINBACK_HOME"] = _home
# Playwright keeps an event loop in this thread once a browser test has run, and Django would refuse the database then
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from winback.server.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
READS_WRITTEN_AFTER = 0  # tests say when
# the same on both databases, so that tests count the same queries
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
