"""The intake does not start in a process that could write a tip somewhere unsealed."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site_settings

from tests.rings import entries_for, trust_in
from tips.sealing import age

SETTINGS = """
from sapo_site.settings.base import *
SECRET_KEY, ALLOWED_HOSTS = "only-for-tests", ["*"]
"""
START = "import sapo_site.wsgi"


@pytest.fixture
def start(tmp_path):
    """Starts a process of its own with the lines added to its settings; its last words."""

    def run(settings: str = "", code: str = START, roles: str = "intake") -> str:
        (tmp_path / "changed_settings.py").write_text(SETTINGS + settings)
        (tmp_path / "var" / "static").mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", f"{code}\nprint('started')"],
            env={
                "DJANGO_SETTINGS_MODULE": "changed_settings",
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join([str(tmp_path), str(site_settings.PROJECT_DIR)]),
                "PYTHONDONTWRITEBYTECODE": "1",
                "SAPO_ROLES": roles,
                "SAPO_VAR": str(tmp_path / "var"),
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode == 0:
            assert done.stdout.splitlines()[-1] == "started"
            return "started"
        return done.stderr.strip().splitlines()[-1]

    return run


def _refusal(last_line: str) -> str:
    prefix = "django.core.exceptions.ImproperlyConfigured: The intake of tips does not start: "
    assert last_line.startswith(prefix), last_line
    return last_line.removeprefix(prefix)


def test_the_intake_starts_as_it_is_set_up(start):
    """Also without a keyring: the form is closed until there is one."""
    assert start() == "started"


def test_it_starts_beside_all_the_other_roles(start):
    assert start(roles="public,editorial,intake,desk") == "started"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('ADMINS = [("Drift", "drift@example.se")]', "ADMINS"),
        ('MANAGERS = [("Drift", "drift@example.se")]', "MANAGERS"),
        (
            'LOGGING["handlers"]["mail"] = {"class": "django.utils.log.AdminEmailHandler"}\n'
            'LOGGING["loggers"]["django.request"]["handlers"] = ["mail"]',
            "django.request",
        ),
        (
            'LOGGING["handlers"]["mail"] = {"class": "logging.handlers.SMTPHandler", '
            '"mailhost": "localhost", "fromaddr": "a@b.se", "toaddrs": ["c@d.se"], '
            '"subject": "Fel"}\n'
            'LOGGING["root"]["handlers"] = ["mail"]',
            "SMTPHandler",
        ),
        (
            'LOGGING["handlers"]["web"] = {"class": "logging.handlers.HTTPHandler", '
            '"host": "localhost", "url": "/"}\n'
            'LOGGING["loggers"]["tips"] = {"handlers": ["web"]}',
            "HTTPHandler",
        ),
        ('LOGGING["loggers"]["django.template"] = {"level": "DEBUG"}', "django.template"),
        ('LOGGING["loggers"]["django"]["level"] = "DEBUG"', "DEBUG"),
        ('LOGGING["loggers"]["django.db.backends"] = {"level": "DEBUG"}', "django.db.backends"),
        (
            'MIDDLEWARE.insert(0, "django.middleware.common.CommonMiddleware")',
            "the first in MIDDLEWARE",
        ),
        ('MIDDLEWARE.append(MIDDLEWARE.pop(0))', "the first in MIDDLEWARE"),
    ],
    ids=[
        "admins", "managers", "error mail", "mailing log", "web log", "templates", "all at debug",
        "queries", "middleware", "not first",
    ],
)  # fmt: skip
def test_settings_that_leak_stop_the_start_in_one_line(start, settings, says):
    assert says in _refusal(start(settings))


def test_under_asgi_it_does_not_start(start):
    code = "from django.core.asgi import get_asgi_application as get\nget()"
    assert "ASGI" in _refusal(start(code=code))
    assert "ASGI" in _refusal(start(code=code, roles="public,editorial,intake,desk"))


def test_the_rest_of_the_site_does_start_under_asgi(start):
    code = "from django.core.asgi import get_asgi_application as get\nget()"
    assert start(code=code, roles="public,editorial,desk") == "started"


_WITHOUT_TURNING_OFF = """
import sapo_site.running.crash_dumps
sapo_site.running.crash_dumps.turn_off = lambda: None
import ctypes, resource
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, ({soft}, hard))
ctypes.CDLL(None).prctl(4, {dumpable}, 0, 0, 0)
import sapo_site.wsgi
"""


@pytest.mark.parametrize(("soft", "dumpable"), [("hard", 0), (0, 1)], ids=["limit", "dumpable"])
def test_with_core_dumps_it_does_not_start(start, soft, dumpable):
    code = _WITHOUT_TURNING_OFF.format(soft=soft, dumpable=dumpable)
    assert "core dumps" in _refusal(start(code=code))


@pytest.mark.parametrize("watcher", ["newrelic", "sentry_sdk"])
def test_with_a_watcher_of_errors_it_does_not_start(start, tmp_path, watcher):
    (tmp_path / f"{watcher}.py").write_text("")
    assert watcher in _refusal(start(f"import {watcher}"))


@pytest.mark.parametrize("module", ["instrumentation", "sdk"])
def test_under_opentelemetry_it_does_not_start(start, tmp_path, module):
    """As `opentelemetry-instrument gunicorn …` loads it, before anything else."""
    (tmp_path / "opentelemetry" / module).mkdir(parents=True)
    for folder in ("opentelemetry", f"opentelemetry/{module}"):
        (tmp_path / folder / "__init__.py").write_text("")
    code = f"import opentelemetry.{module}\n{START}"
    assert f"opentelemetry.{module}" in _refusal(start(code=code))
    assert start(code=code, roles="public,editorial,desk") == "started"


_ASK = """
import io, sys
from wsgiref.handlers import BaseCGIHandler
from sapo_site.wsgi import application
{wrap}
environ = {{"REQUEST_METHOD": "GET", "PATH_INFO": "/tipsa/", "SERVER_NAME": "localhost",
    "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_SOFTWARE": "WSGIServer/0.2"}}
out = io.BytesIO()
BaseCGIHandler(io.BytesIO(), out, sys.stderr, environ).run(application)
status = out.getvalue().split()[1].decode()
assert status == "{status}", status
"""
_BODY_LOG = """
def wrap(application):
    def logged(environ, start_response):
        return application(environ, start_response)
    return logged
"""


@pytest.mark.parametrize("roles", ["intake", "public,editorial,intake,desk"])
def test_inside_a_wrapper_that_nobody_has_named_the_form_is_closed(start, tmp_path, roles):
    """It may write what passes to a log; our own store of pages does not."""
    (tmp_path / "body_log.py").write_text(_BODY_LOG)
    kept = "django.contrib.staticfiles.storage.StaticFilesStorage"  # none have been collected
    plain = f'STORAGES["staticfiles"] = {{"BACKEND": "{kept}"}}\nTIP_FORM_BY_SERVICE = True\n'
    named = f"{plain}TIPS_WSGI_WRAPPERS += ('body_log',)"
    wrap = "import body_log; application = body_log.wrap(application)"

    for settings, wrapped, status in [(plain, "", 200), (plain, wrap, 503), (named, wrap, 200)]:
        code = _ASK.format(wrap=wrapped, status=status)
        assert start(settings, code=code, roles=roles) == "started"


@pytest.mark.parametrize(
    ("is_demo", "allowed", "starts"),
    [(True, False, False), (True, True, True), (False, False, True)],
    ids=["demo's outside", "demo's inside", "real"],
)
def test_a_keyring_of_the_demo_is_refused_outside_of_it(start, tmp_path, is_demo, allowed, starts):
    entries = entries_for([age.generate_identity().recipient])
    trust = trust_in(tmp_path, entries, is_demo=is_demo)
    settings = f"TIPS_TRUST_DIR = Path({str(trust.path)!r})\nTIPS_ROOT = TIPS_TRUST_DIR / 'root'\n"
    last = start(f"{settings}TIPS_DEMO_KEYS_ALLOWED = {allowed}")
    if starts:
        assert last == "started"
    else:
        assert "made by the demo" in _refusal(last)


def test_a_process_without_the_intake_has_nothing_of_it(start):
    code = """
import sys
import sapo_site.wsgi
from django.conf import settings
assert "tips.form.middleware.IntakeMiddleware" not in settings.MIDDLEWARE
assert "tips.form.middleware" not in sys.modules
"""
    assert start('ADMINS = [("Drift", "drift@example.se")]', code, "public,editorial") == "started"


def test_reasons_are_lines_that_an_operator_can_act_on(start):
    refusal = _refusal(start('ADMINS = [("Drift", "drift@example.se")]'))
    assert len(refusal) < 120
    assert "drift@example.se" not in refusal
