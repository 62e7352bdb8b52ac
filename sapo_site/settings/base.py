"""Settings that are safe for production; the other modules build on them."""

import shlex
from pathlib import Path

from .databases import *
from .log import *
from .logins import *
from .phone import *
from .places import *
from .security import *
from .services import *
from .uploads import *

DEBUG = False

# Applications

PAGES_APPS = [
    "sapo_site",
    "cooperation",
    "pages",
    "pages.moving",
    "pages.search",
    "pages.public",
    "pages.records",
    "pages.newsroom",
    "pages.importing",
    "pages.checks",
    "pages.content",
    "pages.library",
    "pages.ground",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.table_block",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "sapo_site.apps.UsersConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "sapo_site.apps.AdminConfig",  # wagtail.admin
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.humanize",
]
ACCOUNTS_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
INSTALLED_APPS = [
    *(PAGES_APPS if WITH_PAGES else []),
    "tips",
    "csp",
    *(ACCOUNTS_APPS if WITH_PAGES else []),
    *(SECOND_FACTOR_APPS if WITH_ACCOUNTS else []),
    "django.contrib.staticfiles",
]
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Django 6.1 needs it when Wagtail's search index is in PostgreSQL.
    INSTALLED_APPS.append("django.contrib.postgres")

# Only the CMS has these; the desk has accounts and sessions of its own.
ACCOUNTS_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sapo_site.accounts.cms_sessions.ActivityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
MIDDLEWARE = [
    # First, so that a tip passes no other middleware.
    *(["tips.form.middleware.IntakeMiddleware"] if "intake" in ROLES else []),
    "sapo_site.answering.middleware.PolicyMiddleware",
    "sapo_site.answering.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Django pads compressed pages, so that their length reveals no secret (BREACH).
    "sapo_site.answering.middleware.PagesOnlyGZipMiddleware",
    "sapo_site.answering.middleware.UTF8OnlyMiddleware",
    *(ACCOUNTS_MIDDLEWARE if WITH_ACCOUNTS else []),
    "sapo_site.answering.middleware.AddressLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *(
        [
            "pages.public.reading.middleware.OutageMiddleware",
            "pages.public.reading.middleware.VersionMiddleware",
            "pages.public.reading.middleware.MissingPageMiddleware",
            "pages.public.reading.middleware.SiteRedirectMiddleware",
            "sapo_site.answering.busy.BusyMiddleware",
        ]
        if WITH_PAGES
        else []
    ),
    *(
        [
            "sapo_site.audit_log.refusals.RefusalsMiddleware",
            "sapo_site.accounts.second_factor.coming_in.ComingInMiddleware",
            "pages.records.registrar.coming_in.OnlyRecordsMiddleware",
            "pages.newsroom.acting.ActingMiddleware",
            "sapo_site.audit_log.audit.ExportsMiddleware",
            "pages.newsroom.editing.unfinished.UnfinishedPageMiddleware",
            "sapo_site.answering.middleware.MalformedRequestMiddleware",
            "pages.newsroom.desk.made_twice.MadeTwiceMiddleware",
        ]
        if "editorial" in ROLES
        else []
    ),
]

ROOT_URLCONF = "sapo_site.urls"
# The addresses of the parts without pages, also in processes that do not serve them.
ADMIN_PATH = "admin/"
INTAKE_PATH = "tipsa/"
DESK_PATH = "tipsmottagning/"
WSGI_APPLICATION = "sapo_site.wsgi.application"

if "editorial" in ROLES:
    FORM_RENDERER = "pages.newsroom.editing.starts.StartsWithElements"
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
                    if WITH_ACCOUNTS
                    else []
                ),
            ],
        },
    }
]

# Data

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Wagtail caches a few rows here; pages.public.store.watch clears them with the content version.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # A rendition never changes under its name, so memory may answer for it.
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
# Where the tip channel, which knows no pages, leads to what the law wants every page to lead to.
PAGES_ABOUT = {
    ("personal data", "sv"): "/om-webbplatsen/personuppgifter/",
    ("personal data", "en"): "/en/about-this-website/personal-data/",
    ("accessibility", "sv"): "/om-webbplatsen/tillganglighet/",
    ("accessibility", "en"): "/en/about-this-website/accessibility/",
}
# Our own texts, and the Swedish that Wagtail's catalogues lack.
LOCALE_PATHS = [PROJECT_DIR / "sapo_site" / name for name in ("locale", "locale_wagtail")]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("SAPO_STATIC", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [PROJECT_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "files" / "closed"  # every upload; nothing serves it to visitors
STORAGES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "sapo_site.building.static_storage.FlatStaticFilesStorage"},
    # What visitors can fetch: hard links, so beside the other, under the same mount.
    "public": {
        "BACKEND": "pages.library.public_storage.PublicFolder",
        "OPTIONS": {"location": VAR_DIR / "files" / "public"},
    },
}
# Files with hashed names never change; whitenoise would let browsers keep them for a minute.
WHITENOISE_MAX_AGE = 3600

# The page store

PAGE_STORE = env.bool("SAPO_PAGE_STORE", default=True)
PAGE_STORE_BYTES = 64 * 1024 * 1024
# The store never looks for an answer here: these are files, or pages for one person.
_FILES, _INTAKE = (STATIC_URL, MEDIA_URL), (f"/{INTAKE_PATH}", f"/en/{INTAKE_PATH}")
_BEHIND_A_LOGIN = (f"/{ADMIN_PATH}", f"/{DESK_PATH}")
PAGE_STORE_NEVER = (*_FILES, *_BEHIND_A_LOGIN, *_INTAKE, "/dokument/", "/halsa/", "/kakor/")
# These are answered also while the database is gone. Nobody waits here for its watch.
_CLOSES_THE_NOTICE = ("/kakor/stang/", "/en/kakor/stang/")
WITHOUT_DATABASE = (
    *_FILES,
    "/halsa/",
    "/robots.txt",
    "/.well-known/",
    *_CLOSES_THE_NOTICE,
    *_INTAKE,
)
# Caches in front that can be told to forget an address: JSON. Without any, they keep it for a second.
WAGTAILFRONTENDCACHE = env.json("SAPO_FRONTEND_CACHE", default={})
PAGE_STORE_SHARED_SECONDS = env.int(
    "SAPO_SHARED_SECONDS", default=60 if WAGTAILFRONTENDCACHE else 1
)
# The address at which readers reach the edition (pages as files). Empty: no edition.
EDITION_URL = env.str("SAPO_EDITION_URL", default="")
EDITION_DIR = VAR_DIR / "edition"

# Tips

TIPS_DIR = VAR_DIR / "tips"  # sealed tips
TIPS_TRUST_DIR = VAR_DIR / "trust"  # signers and keyrings, signed
TIPS_ROOT = root_beside(TIPS_TRUST_DIR)
TIPS_DEMO_KEYS_ALLOWED = False
# The pages in which handlers log in and open their keys, and where tips are sealed, are nginx's
# (deploy/nginx-desk-page.conf, nginx-tip-form.conf): no service can change them. True where there is no nginx.
DESK_PAGES_BY_SERVICE = TIP_FORM_BY_SERVICE = False
# Free disk space that tips may not use: with less, the form is closed.
TIPS_RESERVE_BYTES = env.int("SAPO_TIPS_RESERVE", default=200 * 1024 * 1024)
# The header or variable with the sender's address, for the rate limit, which stores no address.
TIPS_ADDRESS_HEADER = env.str("SAPO_TIPS_ADDRESS_HEADER", default="REMOTE_ADDR")
# The command that calls whoever is on duty when an urgent tip lies unread, word by word.
# Who is mailed that there are unread tips, and that the keyring goes out of date.
TIPS_NOTICE_TO = env.list("SAPO_TIPS_NOTICE_TO", default=[])
# A key file alone lets nobody in: each handler's entry names a passkey.
TIPS_PASSKEYS_REQUIRED = env.str("SAPO_TIPS_PASSKEYS", default="required") != "none"
TIPS_ALARM_COMMAND = shlex.split(env.str("SAPO_TIPS_ALARM", default=""))
# The letters that a register number begins with: no others, so that it has no room for a name.
TIPS_REGISTER_PREFIX = "SÄPO"
# The only WSGI wrappers allowed in a process that receives tips: with others the form is closed.
TIPS_WSGI_WRAPPERS = ("pages.public.store.wsgi", "sapo_site.wsgi")

# What services hand over as files

# Messages on accessibility, until `take_in_messages` has taken them into the database. With less room
# than this, none is taken.
MESSAGES_DIR = VAR_DIR / "messages"
MESSAGES_RESERVE_BYTES = 200 * 1024 * 1024
# What readers have met, until `file_records` has filed it (`pages.records`); and where.
RECORDS_SPOOL, RECORDS_ROOT = VAR_DIR / "records_spool", VAR_DIR / "records"
SAID_ROOT = VAR_DIR / "said"  # what it signs of them, for everybody
RECORDS_HAND_OVER = env.bool("SAPO_RECORDS", default=True)

# Who checks that the law on accessibility is followed, and where one reports to them.
SUPERVISOR = env.str("SAPO_SUPERVISOR", default="Digg")
SUPERVISOR_ADDRESS = env.str("SAPO_SUPERVISOR_ADDRESS", default="https://www.digg.se/tdosanmalan")
# The page that says how a weakness is reported, and what holds for who does.
SECURITY_PAGE = env.str("SAPO_SECURITY_PAGE", default="/om-webbplatsen/kontakt/")
# A security.txt that somebody has signed: answered until it expires.
SIGNED_SECURITY_TXT = env.str("SAPO_SECURITY_TXT", default="")

# The CMS

# The gate makes them of what two have confirmed (`pages.newsroom.leading_on`); of a draft no reader knew the address.
WAGTAILREDIRECTS_AUTO_CREATE = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # addresses in ASCII can be read aloud and copied anywhere
WAGTAIL_SITE_NAME = "Säkerhetspolisen"
WAGTAILADMIN_BASE_URL = env.str("SAPO_BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = [("sv", "Svenska")]
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {"WIDGET": "pages.content.blocks.draftail.ListKeepingRichTextArea"}
}
# Mails of the newsroom name what is sent; they never hold a text.
MAILS_NAME_TITLES = env.bool("SAPO_MAIL_TITLES", default=True)
WAGTAIL_USER_TIME_ZONES = ["Europe/Stockholm"]
# Only the gate publishes, and only it finishes what was sent (pages.newsroom).
# Whoever had the session of another for a minute would else have the account: mail resets passwords.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "pages.newsroom.workflow.publish_nothing"
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "pages.search.backend"}}
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # never anything from another host
TAGGIT_CASE_INSENSITIVE = True

# Wagtail's calls from the browser to gravatar and to its release list would tell others who edits
# here and which version runs.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_AGING_PAGES_ENABLED = False  # the start page lists what is to be read again (`Upkeep`)
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# Accounts

DEMO_ACCOUNTS_ALLOWED = False
# The header or variable with the address of one who logs in, for the brake, which stores no address.
LOGIN_ADDRESS_HEADER = TIPS_ADDRESS_HEADER
AUTH_PASSWORD_VALIDATORS = [{"NAME": "sapo_site.accounts.strong_passwords.PasswordRules"}]
# Known passwords, one a line, in any order: what an operator adds to our own words.
PASSWORD_LIST = env.str("SAPO_PASSWORD_LIST", default="")
