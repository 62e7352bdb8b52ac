"""For work on your own machine: relaxes settings, never adds a feature."""

from debug_toolbar.settings import PANELS_DEFAULTS

from .demo import *

DEBUG = True
INTERNAL_IPS = ["127.0.0.1"]
DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True}
DEBUG_TOOLBAR_PANELS = [
    "sapo_site.toolbar.TemplatesPanel" if name.endswith(".TemplatesPanel") else name
    for name in PANELS_DEFAULTS
]
INSTALLED_APPS = [*INSTALLED_APPS, "debug_toolbar"]
# The toolbar reads the page, so it comes after the middleware that compresses it. The intake comes
# before both.
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
# The development server writes a line for each request.
LOGGING = {
    **LOGGING,
    "filters": {
        **LOGGING["filters"],
        "nothing_of_the_intake": {"()": "sapo_site.request_log.NothingOfTheIntake"},
    },
    "formatters": {
        **LOGGING["formatters"],
        "request": {
            "()": "django.utils.log.ServerFormatter",
            "format": "[{server_time}] {message}",
            "style": "{",
        },
    },
    "handlers": {
        **LOGGING["handlers"],
        "requests": {
            "class": "logging.StreamHandler",
            "formatter": "request",
            "filters": ["nothing_of_the_intake"],
        },
    },
    "loggers": {
        **LOGGING["loggers"],
        "django.server": {"handlers": ["requests"], "level": "INFO", "propagate": False},
    },
}
