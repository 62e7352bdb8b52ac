"""Everything comes from the environment; a missing variable stops the start with its name."""

from .base import *

SECRET_KEY = env.str("SAPO_SECRET_KEY")
ALLOWED_HOSTS = env.list("SAPO_HOSTS")
WAGTAILADMIN_BASE_URL = env.str("SAPO_BASE_URL")
DATABASES["default"] = {**DATABASES["default"], **env.db_url("DATABASE_URL")}
EMAIL_CONFIG = env.email_url("SAPO_EMAIL_URL")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("SAPO_EMAIL_FROM")

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
