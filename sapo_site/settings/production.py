"""Takes everything from the environment; a missing or unsafe variable stops the start with its name.

The roles decide which variables a process needs, so that no service holds those of another.
"""

import os
import sys

from django.core.checks.security.base import (
    SECRET_KEY_INSECURE_PREFIX,
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)

from . import credentials  # noqa: F401 (first: the others ask for what it reads)
from .base import *
from .encrypted import refuse_plain_addresses, refuse_plain_database, refuse_plain_mail

_VARIABLES = [
    (name, value)
    for name, value in sorted(os.environ.items())
    if name.startswith(("SAPO_", "DATABASE_", "TIPS_"))
]
# In deploy/environment.example, where each has to be replaced.
_PLACEHOLDER = "example.se"
for _name, _value in _VARIABLES:
    if _PLACEHOLDER in _value:
        sys.exit(f"{_name}: {_PLACEHOLDER} står kvar från exemplet. Fyll i det rätta värdet.")

SECRET_KEY = env.str("SAPO_SECRET_KEY")
if (
    len(SECRET_KEY) < SECRET_KEY_MIN_LENGTH
    or len(set(SECRET_KEY)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS
    or SECRET_KEY.startswith(SECRET_KEY_INSECURE_PREFIX)
):
    sys.exit(
        f"SAPO_SECRET_KEY: nyckeln måste vara dragen på måfå och ha minst {SECRET_KEY_MIN_LENGTH} "
        'tecken: python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
    )
ALLOWED_HOSTS = env.list("SAPO_HOSTS")
if not ALLOWED_HOSTS or any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
    sys.exit("SAPO_HOSTS: skriv ut varje namn som tjänsten svarar på, utan jokertecken.")
if WITH_PAGES:
    env.str("DATABASE_URL")  # required here: base has a default for your own machine
if WITH_TIPS_DATABASE:
    env.str("TIPS_DATABASE_URL")
# Also where a keyring is installed by root, who has the settings of no service with tips.
TIPS_TRUST_DIR = Path(env.str("SAPO_TIPS_TRUST", default="/etc/sapo/trust"))
TIPS_ROOT = root_beside(TIPS_TRUST_DIR)
TIPS_INTAKE_KEY = Path(env.str("SAPO_INTAKE_KEY", default="/etc/sapo/intake.key"))
for _alias, _variable in (
    ("default", "DATABASE_URL"),
    ("tips", "TIPS_DATABASE_URL"),
):
    refuse_plain_database(_variable, DATABASES.get(_alias, {}))
refuse_plain_addresses(_VARIABLES)
if ROLES & {"intake", "editorial", "desk"}:
    # Behind nginx all come from nginx: without this all senders, and all who guess, would share one limit.
    TIPS_ADDRESS_HEADER = LOGIN_ADDRESS_HEADER = env.str("SAPO_TIPS_ADDRESS_HEADER", default="")
    if not TIPS_ADDRESS_HEADER.startswith("HTTP_"):
        sys.exit(
            "SAPO_TIPS_ADDRESS_HEADER: skriv HTTP_X_SAPO_ADDRESS, där nginx säger vem som skickar "
            "och loggar in."
        )
if "editorial" in ROLES:
    WAGTAILADMIN_BASE_URL = env.str("SAPO_BASE_URL")
    vars().update(passkeys_at(WAGTAILADMIN_BASE_URL))
READER_SOCKET = env.str("SAPO_READER_SOCKET", default="/run/sapo/reader.sock")
if not READER_SOCKET.startswith("/"):
    sys.exit("SAPO_READER_SOCKET: skriv sökvägen till läsarens uttag, /run/sapo/reader.sock.")
if ROLES & {"editorial", "desk"}:
    EMAIL_CONFIG = env.email_url("SAPO_EMAIL_URL")
    refuse_plain_mail("SAPO_EMAIL_URL", EMAIL_CONFIG)
    vars().update(EMAIL_CONFIG)
    EMAIL_TIMEOUT = 10  # whoever does what is mailed waits meanwhile
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("SAPO_EMAIL_FROM")
else:  # a process that only answers visitors sends no mail
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if "editorial" in ROLES and PASSWORD_LIST:
    try:
        is_empty = not Path(PASSWORD_LIST).stat().st_size
        Path(PASSWORD_LIST).open("rb").close()
    except OSError:
        sys.exit(f"SAPO_PASSWORD_LIST: {PASSWORD_LIST} går inte att läsa.")
    if is_empty:
        sys.exit(f"SAPO_PASSWORD_LIST: {PASSWORD_LIST} är tom.")
# The audit log; where it is not, on standard error.
LOGGING["handlers"]["stderr"]["journal"] = "/run/systemd/journal/socket"

CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 63_072_000
# What holds for every name below the agency's is for those who own the names to say (HSTS in deploy/answers.example).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
COOKIE_NOTICE_COOKIE = "__Host-kakmeddelande"
