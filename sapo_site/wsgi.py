"""WSGI, not ASGI: Django answers four times slower under ASGI, and tips must not be spooled."""

import importlib
import os
from collections.abc import Callable
from wsgiref.types import WSGIEnvironment

import django
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from .demo import left_by_demo
from .running import crash_dumps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapo_site.settings.production")


class Request(WSGIRequest):
    def __init__(self, environ: WSGIEnvironment) -> None:
        """Ignores a content type in an encoding that does not exist, and a length that is no number.

        Django reads these headers before it can answer with any of its own error pages, or fails on them.
        """
        try:
            int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            environ["CONTENT_LENGTH"] = ""
        try:
            super().__init__(environ)
        except (BadRequest, LookupError, ValueError):  # Django 6 raises the first
            environ["CONTENT_TYPE"] = ""
            super().__init__(environ)


class SiteHandler(WSGIHandler):
    request_class = Request


crash_dumps.turn_off()
django.setup(set_prefix=False)
# Made before gunicorn forks, together with the tip form's: else each process counts by itself.
importlib.import_module("sapo_site.accessibility.senders")
if settings.WITH_ACCOUNTS and not settings.DEMO_ACCOUNTS_ALLOWED:
    left_by_demo.refuse_demo_accounts()
# Also before the fork: what each process loaded by itself, at its first request, it would have for itself.
importlib.import_module(settings.ROOT_URLCONF)
handler = SiteHandler()
application: Callable[..., object] = handler
if settings.WITH_PAGES:
    from wagtail import hooks

    from pages.changes.triggers import refuse_to_serve_without_triggers
    from pages.public.store.wsgi import PageStore

    if "editorial" in settings.ROLES and not settings.DEMO_ACCOUNTS_ALLOWED:
        refuse_to_serve_without_triggers()
    hooks.search_for_hooks()
    application = PageStore(handler)
