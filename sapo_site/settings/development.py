"""For work on your own machine: relaxes settings, never adds a feature."""

from .demo import *

DEBUG = True
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
        "nothing_of_the_intake": {"()": "sapo_site.running.request_log.NothingOfTheIntake"},
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
