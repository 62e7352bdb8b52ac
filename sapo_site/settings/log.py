"""Logs say what went wrong and who logged in, never who read what."""

from typing import Any

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "sapo_site.running.log_lines.EventLines",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "filters": {"nothing_of_outages": {"()": "sapo_site.running.outages.NothingOfOutages"}},
    "handlers": {
        "stderr": {"()": "sapo_site.audit_log.journald.AuditHandler", "formatter": "line"}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A client with a wrong Host header must not be able to fill the log.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Missing pages are everyday events.
        "django.request": {
            "handlers": ["stderr"],
            "level": "ERROR",
            "filters": ["nothing_of_outages"],
            "propagate": False,
        },
        # It tells of each attempt to connect; that the database is gone is said once.
        "psycopg.pool": {"level": "CRITICAL"},
        "tips.journal": {"level": "INFO"},
    },
}
