"""Settings of the site, from the environment only.

Every variable is read strictly: a value that is not of its kind stops the start and names the variable.
HTTPS=true says that this is a public site: then SECRET_KEY and ALLOWED_HOSTS must be given. Without it the
site is for this machine alone, and `make serve` and `make test` need no variable at all.
"""

import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from environs import Env, EnvError, validate

from citynet import local, postgres

BASE_DIR = Path(__file__).resolve().parent.parent
BUILD_DIR = BASE_DIR / "build"
env = Env()

# --- What kind of site this is ---------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", validate=validate.Length(50)) if HTTPS else local.secret_key()
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS") if HTTPS else env.list("ALLOWED_HOSTS", LOCAL_HOSTS)

# --- Applications and requests ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "registry",
    "citynet",
    "registry.apps.StaffSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "csp",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page of tables is ten times smaller. Against guessing a token by sizes it adds some random bytes.
    "django.middleware.gzip.GZipMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "citynet.middleware.DiskFullMiddleware",
    "citynet.middleware.ReplicaMiddleware",
    "citynet.time_limit.TimeLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "registry.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "citynet.middleware.PublicPagesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry.models.history.StaffHistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "citynet.urls"
WSGI_APPLICATION = "citynet.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "registry.templatetags.languages"],
        },
    }
]

# --- Database --------------------------------------------------------------------------------------------


def postgres_url(value: str) -> dict[str, Any]:
    """Read the address of a PostgreSQL server; the message never repeats it, since it holds a password."""
    with suppress(ValueError):
        parsed = dj_database_url.parse(value)
        if parsed["ENGINE"] == "django.db.backends.postgresql" and parsed["NAME"]:
            return dict(parsed)
    raise EnvError(
        "DATABASE_URL and DATABASE_REPLICA_URLS take addresses like postgresql://user:password@host:5432/name"
    )


DATABASE_URL = env.str("DATABASE_URL", "")
DATABASES = {"default": postgres_url(DATABASE_URL) if DATABASE_URL else postgres.django_settings()}
# Streaming replicas, separated by commas. Visitors read from them; staff, and every write, use the primary.
REPLICAS: list[str] = []
for replica in env.list("DATABASE_REPLICA_URLS", [], subcast=postgres_url):
    REPLICAS.append(f"replica{len(REPLICAS)}")
    DATABASES[REPLICAS[-1]] = {**replica, "TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["citynet.middleware.ReplicaRouter"]
# Set by the web server alone: a command uses one connection, and a pool would only add its threads.
if DATABASE_POOL := env.int("DATABASE_POOL", 0):
    for database in DATABASES.values():
        pool = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 10}
        database["OPTIONS"] = {**database.get("OPTIONS", {}), "pool": pool}
        database["CONN_HEALTH_CHECKS"] = True
# What only reads has nobody to be recorded. To ask who it is would make every answer vary by its cookie.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# How long one statement of a public page may take; 0 for as long as the server allows.
QUESTION_SECONDS = env.int("QUESTION_SECONDS", 15, validate=validate.Range(min=0))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Language and time -----------------------------------------------------------------------------------

# The public site begins its addresses with the language, but for the first; the admin is in the first alone.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [BUILD_DIR / "locale"]  # compiled from locale/ by citynet/words.py
TIME_ZONE = "UTC"
USE_TZ = True

# --- Static files: built by npm, collected and served by WhiteNoise under names that hold their hash --------

STATIC_URL = "static/"
STATIC_ROOT = BUILD_DIR / "collected"
STATICFILES_DIRS = [BUILD_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Releases of the data: the command writes them, the site serves them ------------------------------------

RELEASES_ROOT = env.path("RELEASES_ROOT", BASE_DIR / "var" / "releases")

# --- Security --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Only where a reverse proxy always sets or removes this header; otherwise a client could claim https.
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- API -------------------------------------------------------------------------------------------------

# Requests in a minute of one address, or of one account that writes. Each process counts for itself.
API_LIMITS = {
    "read": env.int("API_LIMIT", 600),
    "resolve": env.int("API_RESOLVE_LIMIT", 60),
    "write": env.int("API_WRITE_LIMIT", 300),
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "registry.api.problems.answer_exception",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
    # Whose address counts: the one the proxy saw, where there is one.
    "NUM_PROXIES": int(BEHIND_PROXY),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CityNet",
    "DESCRIPTION": "A registry of city diplomacy: who collaborates with whom on which issue, since when, and "
    "how do we know? Worked examples stand at /api/docs/examples/.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [
        "registry.api.describe.add_components",
        "registry.api.describe_writing.add_components",
    ],
}
# Scripts of any site may read the API. They cannot send a token: writing is for programs.
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
CORS_ALLOW_HEADERS = ["accept", "accept-language", "content-type", "if-none-match"]
CORS_EXPOSE_HEADERS = ["ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"]

# --- Logging: to the standard error stream, for whoever runs the process to keep ----------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.log_level("LOG_LEVEL", logging.WARNING)},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
