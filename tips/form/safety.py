"""Refuses to open the intake in a process that could write a tip somewhere unsealed."""

import ctypes
import inspect
import logging
import resource
import sys
from collections.abc import Callable, Iterator
from logging.handlers import HTTPHandler, SMTPHandler

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.utils.log import AdminEmailHandler

from tips.keeping.present_keyring import trusted_now
from tips.sealing.keyring import KeyringError

from . import guard

_MIDDLEWARE = "tips.form.middleware.IntakeMiddleware"
# These copy requests and the values of variables wherever an error passes.
_WATCHERS = (
    "bugsnag ddtrace elasticapm newrelic opentelemetry.instrumentation opentelemetry.sdk raygun4py"
    " rollbar scout_apm sentry_sdk"
)
# At DEBUG these write the values in a page or a query.
_TALKATIVE = ("django.db.backends", "django.template")
# These servers pass a request on as it comes. Others write it to a file first.
_SERVERS = ("gunicorn/", "WSGIServer/")
_SERVER_MODULES = ("gunicorn.", "wsgiref.")
# Modules that may stand between the server and us; settings name any others.
_BETWEEN = ("django.", "tips.")
_PR_GET_DUMPABLE = 3


def refuse_leaks(get_response: Callable[..., object]) -> None:
    """Raises ImproperlyConfigured, in one line, when the intake would not be safe here."""
    for reason in _leaks(get_response):
        raise ImproperlyConfigured(f"The intake of tips does not start: {reason}")


def is_safe_server(request: HttpRequest) -> bool:
    """Whether the server, and all that stands between it and us, keeps nothing of the request."""
    if not (isinstance(request, WSGIRequest) and _is_known(request.META.get("SERVER_SOFTWARE"))):
        reason = "this web server may write what is sent to files; use gunicorn"
    elif stranger := _stranger():
        reason = f"{stranger} stands around the site and may keep what is sent; take it away"
    else:
        return True
    guard.report_closed(reason, logging.CRITICAL)
    return False


def _stranger() -> str:
    """A module between the server and us that the settings do not name; "" if there is none."""
    if _is_test_run():
        return ""
    known = (*_BETWEEN, *settings.TIPS_WSGI_WRAPPERS)
    frame = inspect.currentframe()
    while frame:
        module = str(frame.f_globals.get("__name__"))
        if module.startswith(_SERVER_MODULES):
            break
        if not module.startswith(known):
            return module
        frame = frame.f_back
    return ""


def _is_known(server: str | None) -> bool:
    if server is None:
        return _is_test_run()
    return server.startswith(_SERVERS)


def _leaks(get_response: Callable[..., object]) -> Iterator[str]:
    if iscoroutinefunction(get_response) or _is_loaded_for_asgi():
        yield "under ASGI, Django writes what is sent to a file before we see it; use WSGI"
    if not settings.MIDDLEWARE or settings.MIDDLEWARE[0] != _MIDDLEWARE:
        yield f"{_MIDDLEWARE} has to be the first in MIDDLEWARE; others could read or log tips"
    yield from leaks_of_process()


def leaks_of_process() -> Iterator[str]:
    """What could leak requests in this process, whichever part of the site it serves."""
    if settings.ADMINS or settings.MANAGERS:
        yield "ADMINS and MANAGERS have to be empty; mails about errors hold what was sent"
    yield from _leaks_of_logs()
    for name in _WATCHERS.split():
        if name in sys.modules:
            yield f"{name} is on; it may send what was sent"
    # The tests' own process receives nothing from anyone.
    if leaves_cores() and not _is_test_run():
        yield "a crash would write the memory to a file; turn off core dumps (sapo_site/wsgi.py)"
    if _is_demo_keyring_out_of_place():
        yield "the keyring was made by the demo, and its private keys lie beside it; make a new one"


def _leaks_of_logs() -> Iterator[str]:
    for name, handler in _handlers():
        if isinstance(handler, (AdminEmailHandler, SMTPHandler, HTTPHandler)):
            yield f"the log {name} is sent away by {type(handler).__name__}; take it out of LOGGING"
    for name in _TALKATIVE:
        if logging.getLogger(name).isEnabledFor(logging.DEBUG):
            yield f"the log {name} writes at DEBUG what pages are filled with; raise its level"


def _is_loaded_for_asgi() -> bool:
    """Whether an asynchronous handler is loading its middleware now.

    `get_response` does not tell: Django makes it synchronous when the next middleware is.
    """
    frame = inspect.currentframe()
    while frame:
        if frame.f_code is BaseHandler.load_middleware.__code__:
            return bool(frame.f_locals["is_async"])
        frame = frame.f_back
    return False


def _handlers() -> Iterator[tuple[str, logging.Handler]]:
    loggers = [logging.getLogger(), *logging.root.manager.loggerDict.values()]
    for logger in loggers:
        if isinstance(logger, logging.Logger):
            for handler in logger.handlers:
                yield logger.name, handler


def leaves_cores() -> bool:
    """Whether a crash would write the memory of this process to a file."""
    if resource.getrlimit(resource.RLIMIT_CORE)[0] != 0:
        return True
    return sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) != 0


def _is_demo_keyring_out_of_place() -> bool:
    if settings.TIPS_DEMO_KEYS_ALLOWED:
        return False
    try:
        return trusted_now().ring.is_demo
    except KeyringError:
        return False  # the form is closed until there is one


def _is_test_run() -> bool:
    """Whether Django's test runner has replaced the sending of mail."""
    return hasattr(mail, "outbox")
