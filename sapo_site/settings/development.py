"""For work on one's own machine: relaxes, never adds a feature."""

from .demo import *

DEBUG = True
INTERNAL_IPS = ["127.0.0.1"]
DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True}
INSTALLED_APPS = [*INSTALLED_APPS, "debug_toolbar"]
# The toolbar reads the page, so it stands inside what compresses it.
_TOOLBAR = "debug_toolbar.middleware.DebugToolbarMiddleware"
MIDDLEWARE = [
    name
    for each in MIDDLEWARE
    for name in ([each, _TOOLBAR] if each.endswith("GZipMiddleware") else [each])
]
# The toolbar writes inline scripts and styles.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **CSP_FOR_LOGGED_IN,
        "script-src": [SELF, "'unsafe-inline'"],
        "style-src": [SELF, "'unsafe-inline'"],
    }
}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
