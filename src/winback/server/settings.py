"""Django's settings, all derived from environment.py. Nothing else is configurable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from winback.server import environment

# Arithmetic on one thread: requests and jobs run beside each other, and a thread of the linear algebra that waits for its
# next task keeps a core busy for tens of milliseconds. NumPy reads this when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_given = environment.read(os.environ)
_here = Path(__file__).parent

HOME: Path = _given["WINBACK_HOME"]
BASE_URL: str = _given["WINBACK_BASE_URL"]
TRUSTED_PROXIES = _given["WINBACK_TRUSTED_PROXIES"]
PRIVATE_HOSTS = _given["WINBACK_PRIVATE_HOSTS"]
DURABILITY: str = _given["WINBACK_DURABILITY"]
WAREHOUSE_URL: str = _given["WAREHOUSE_URL"]
JOBS_AT_ONCE: int = _given["WINBACK_WORKERS"]
UPLOAD_LIMIT: int = _given["WINBACK_UPLOAD_LIMIT"] * 1024 * 1024
EMBEDDER: str = _given["WINBACK_EMBEDDER"]
MAIL_CONFIGURED = bool(_given["WINBACK_MAIL_URL"])
SECURE = BASE_URL.startswith("https://")

DEBUG = False
SECRET_KEY = environment.secret_key(HOME, _given["WINBACK_SECRET_KEY"])
ALLOWED_HOSTS = sorted({str(urlsplit(BASE_URL).hostname), "127.0.0.1", "localhost", "[::1]"})
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ROOT_URLCONF = "winback.server.urls"
WSGI_APPLICATION = "winback.server.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "winback.server",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "winback.server.middleware.closed_while_restoring",
    "winback.server.middleware.trusted_proxies",
    "django.middleware.security.SecurityMiddleware",
    "winback.server.staticfiles.Served",
    "winback.server.middleware.content_security_policy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "winback.server.middleware.programs",  # what stands below serves browsers
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "winback.server.middleware.sentences",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_here / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "winback.server.navigation.frame",
            ],
            "builtins": ["winback.server.templatetags.words", "winback.server.templatetags.marks"],
        },
    }
]

DATABASES: dict[str, Any] = {"default": environment.database(_given["DATABASE_URL"], HOME, durability=DURABILITY)}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "winback_cache"}
    if _given["DATABASE_URL"]
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# ---- who ----
AUTH_USER_MODEL = "winback.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "winback.server.workspaces.sign_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "winback.server.workspaces.sign_in.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation, sent to the address, is the proof
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to an address that somebody typed
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "winback.server.workspaces.sign_in.SecondFactorAdapter"
MFA_TOTP_ISSUER = "winback"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if _given["WINBACK_OIDC_ISSUER"]:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": _given["WINBACK_OIDC_NAME"],
                "client_id": _given["WINBACK_OIDC_CLIENT_ID"],
                "secret": _given["WINBACK_OIDC_CLIENT_SECRET"],
                "settings": {"server_url": _given["WINBACK_OIDC_ISSUER"]},
            }
        ],
    }

READS_WRITTEN_AFTER = 60  # seconds; see workspaces.reads

# ---- safe by default ----
SESSION_COOKIE_NAME = "winback_session"
SESSION_COOKIE_AGE = _given["WINBACK_SESSION_DAYS"] * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "winback_csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "winback.server.pages.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a load balancer asks over plain HTTP
SECURE_PROXY_SSL_HEADER = None  # middleware.trusted_proxies decides who is believed
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = ["winback.server.uploads.NoUploads"]  # pages that take files say so
FILE_UPLOAD_PERMISSIONS = 0o600

# ---- mail ----
for _name, _value in environment.mail(_given["WINBACK_MAIL_URL"]).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL: str = _given["WINBACK_MAIL_FROM"]
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ---- language, time, files ----
LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = None  # served from the package, see winback.server.staticfiles
STATICFILES_DIRS = [
    _here / "static",
    ("vega", _here.parent / "report" / "static"),
]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "winback.server.staticfiles.Storage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 31_536_000
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": _given["WINBACK_LOG"].upper()},
}

# ---- jobs: see winback.server.jobs ----
TASKS_MODULE = "winback.server.tasks"  # where TASKS and SCHEDULES stand; a test has its own
