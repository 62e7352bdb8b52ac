"""Settings that are safe for production. The other modules start from here."""

from pathlib import Path

import environ

from .security import *

env = environ.Env()

PROJECT_DIR = Path(__file__).resolve().parents[2]

# Everything the site writes lies under this one folder, so that a backup is one folder.
VAR_DIR = Path(env.str("SAPO_VAR", default=str(PROJECT_DIR / "var"))).resolve()

DEBUG = False

# Which parts of the site this process serves; decides which addresses exist in it.
ALL_ROLES = ("public", "editorial", "intake", "desk")
ROLES = frozenset(env.list("SAPO_ROLES", default=list(ALL_ROLES)))
if unknown_roles := ROLES.difference(ALL_ROLES):
    raise environ.ImproperlyConfigured(
        f"SAPO_ROLES: unknown role {', '.join(sorted(unknown_roles))}; "
        f"there are {', '.join(ALL_ROLES)}"
    )

# Applications

INSTALLED_APPS = [
    "sapo_site",
    "tips",
    "cooperation",
    "pages",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.table_block",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

# A visitor's request meets no session, user or message: only the CMS has them.
EDITORIAL_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "sapo_site.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Django pads what it compresses, so that no secret can be read off a length (BREACH).
    "sapo_site.middleware.PagesOnlyGZipMiddleware",
    "sapo_site.middleware.UTF8OnlyMiddleware",
    *(EDITORIAL_MIDDLEWARE if "editorial" in ROLES else []),
    "sapo_site.middleware.AddressLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *(
        [
            "pages.middleware.MissingPageMiddleware",
            "wagtail.contrib.redirects.middleware.RedirectMiddleware",
        ]
        if ROLES & {"public", "editorial"}
        else []
    ),
]

ROOT_URLCONF = "sapo_site.urls"
ADMIN_PATH = "admin/"
WSGI_APPLICATION = "sapo_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                *(
                    [
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                    if "editorial" in ROLES
                    else []
                ),
            ],
        },
    }
]

# Data

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers never wait for the writer, and a writer waits instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
    }
# Reopening SQLite costs 0.7 ms a request, PostgreSQL 7 ms.
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://"),
    # Finished renditions never change under their name, so they are looked up in memory.
    "renditions": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "renditions",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # ten a picture
    },
}

# Language and time

LANGUAGE_CODE = "sv"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("sv", "Svenska"), ("en", "English")]
# Ours, and the Swedish that Wagtail's own catalogues lack.
LOCALE_PATHS = [PROJECT_DIR / "sapo_site" / name for name in ("locale", "locale_wagtail")]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [PROJECT_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "sapo_site.static_storage.FlatStaticFilesStorage"},
}
# Hashed names never change their content; whitenoise would otherwise serve them for a minute.
WHITENOISE_MAX_AGE = 3600

# The CMS

WAGTAIL_ALLOW_UNICODE_SLUGS = False  # addresses in ASCII can be read aloud and copied anywhere
WAGTAIL_SITE_NAME = "Säkerhetspolisen"
WAGTAILADMIN_BASE_URL = env.str("SAPO_BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = [("sv", "Svenska")]
WAGTAIL_USER_TIME_ZONES = ["Europe/Stockholm"]
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILIMAGES_IMAGE_MODEL = "pages.SiteImage"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "avif", "webp": "webp"}
WAGTAILDOCS_DOCUMENT_MODEL = "pages.SiteDocument"
WAGTAILDOCS_EXTENSIONS = [
    "csv", "docx", "mp4", "odp", "ods", "odt", "pdf", "pptx", "txt", "vtt", "webm", "xlsx", "zip",
]  # fmt: skip
# A video and its captions must play in the page; all other files are downloaded or
# opened by the browser in a sandbox.
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf", "video/mp4", "video/webm", "text/vtt"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "pages.search_backend"}}
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # never anything from another host
TAGGIT_CASE_INSENSITIVE = True

# Wagtail's own browser calls to gravatar and to its release list would tell others
# who edits here and which version runs.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# Accounts

WAGTAILADMIN_USER_LOGIN_FORM = "sapo_site.accounts.SwedishLoginForm"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Logs hold what went wrong, never who read what.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # Whoever sends a wrong Host header should not be able to fill the log.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # A missing page is the visitor's everyday, not an event.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
