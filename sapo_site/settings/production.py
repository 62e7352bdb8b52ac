"""Takes everything from the environment; a missing variable stops the start with its name.

The roles decide which variables a process needs, so that no service holds those of another.
"""

from .base import *

SECRET_KEY = env.str("SAPO_SECRET_KEY")
ALLOWED_HOSTS = env.list("SAPO_HOSTS")
if WITH_SITE_DATABASE:
    env.str("DATABASE_URL")  # required here: base has a default for your own machine
if WITH_TIPS_DATABASE:
    env.str("TIPS_DATABASE_URL")
    TIPS_KEYRING = Path(env.str("SAPO_TIPS_KEYRING"))
if "intake" in ROLES:
    # Behind nginx all tips come from nginx: without this, all senders would share one limit.
    TIPS_ADDRESS_HEADER = env.str("SAPO_TIPS_ADDRESS_HEADER")
if "editorial" in ROLES:
    WAGTAILADMIN_BASE_URL = env.str("SAPO_BASE_URL")
if WITH_ACCOUNTS:
    EMAIL_CONFIG = env.email_url("SAPO_EMAIL_URL")
    vars().update(EMAIL_CONFIG)
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("SAPO_EMAIL_FROM")
else:  # a process that only answers visitors sends no mail
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
