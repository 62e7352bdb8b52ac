"""What a service has, by its roles: and so what an intruder in it does not reach."""

import json
import re

import pytest
from django.conf import settings

from tests.system.as_service import run_as
from tests.system.sapo_site.test_every_address import line_of, services_of_routes

_PROGRAM = """
import json, sys
import sapo_site.wsgi
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import NoReverseMatch, reverse

def address(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return None

Client().get("/halsa/")
print(json.dumps({
    "databases": {alias: connections[alias].vendor for alias in connections},
    "middleware": settings.MIDDLEWARE,
    "modules": sorted(sys.modules),
    "form": address("tips:start"),
    "desk": address("desk:queue"),
    "admin": address("wagtailadmin_home"),
}))
"""


def _service(roles: str) -> dict:
    return json.loads(run_as(roles, _PROGRAM))


@pytest.fixture(scope="module")
def intake() -> dict:
    return _service("intake")


@pytest.fixture(scope="module")
def desk() -> dict:
    return _service("desk")


def _has_accounts(service: dict) -> bool:
    return not set(settings.ACCOUNTS_MIDDLEWARE).isdisjoint(service["middleware"])


def test_the_intake_has_no_database_but_the_tips(intake):
    assert intake["databases"] == {"default": "unknown", "tips": "sqlite"}


def test_the_intake_has_no_session_account_or_message(intake):
    assert not _has_accounts(intake)
    assert "django.contrib.sessions.backends.db" not in intake["modules"]


@pytest.mark.parametrize("service", ["intake", "desk"])
def test_the_tip_channel_loads_nothing_of_the_cms(service, request):
    loaded = {name.split(".")[0] for name in request.getfixturevalue(service)["modules"]}
    assert loaded.isdisjoint({"wagtail", "pages", "cooperation", "treebeard"})


def test_the_intake_stands_in_front_of_everything_else(intake):
    assert intake["middleware"][0] == "tips.form.middleware.IntakeMiddleware"


@pytest.mark.parametrize("roles", ["public", "editorial", "public,editorial"])
def test_the_website_has_no_database_with_tips(roles):
    service = _service(roles)
    assert service["databases"] == {"default": "sqlite"}
    assert "tips.form.middleware.IntakeMiddleware" not in service["middleware"]


def test_the_website_cannot_ask_for_a_tip_even_where_the_address_is_known():
    program = (
        "import django; django.setup()\n"
        "from tips.models import Tip\n"
        "try:\n"
        "    Tip.objects.exists()\n"
        "except Exception as error:\n"
        "    print(type(error).__name__)\n"
    )
    known = {"TIPS_DATABASE_URL": "sqlite:////tmp/unused.sqlite3"}
    assert run_as("public,editorial", program, **known) == "ConnectionDoesNotExist\n"


def test_the_desk_has_tips_but_neither_the_form_nor_the_cms_nor_an_account_of_it(desk):
    assert desk["databases"] == {"default": "unknown", "tips": "sqlite"}
    of_the_cms = {"django.contrib.auth.models", "django.contrib.sessions.backends.db"}
    assert of_the_cms.isdisjoint(desk["modules"])
    assert desk["desk"].startswith("/tipsmottagning/")
    assert desk["form"] is None
    assert desk["admin"] is None


def test_editors_can_link_to_the_form_though_another_service_has_it():
    service = _service("editorial")
    assert service["form"] == "/tipsa/"
    assert service["desk"] is None
    program = (
        "import django; django.setup()\n"
        "from django.test import RequestFactory\n"
        "from django.http import Http404\n"
        "from django.urls import resolve\n"
        "for path in ('/tipsa/', '/tipsa/formular/'):\n"
        "    view, args, kwargs = resolve(path)\n"
        "    try:\n"
        "        view(RequestFactory().post(path), *args, **kwargs)\n"
        "    except Http404:\n"
        "        print('404')\n"
    )
    assert run_as("editorial", program).split() == ["404", "404"]


def test_a_process_for_visitors_has_no_cms_and_no_sessions():
    program = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.urls import resolve\n"
        "print(resolve('/admin/login/').view_name)\n"
        "print(any('session' in name for name in settings.MIDDLEWARE))\n"
    )
    # The address falls to the pages, of which none lies there.
    assert run_as("public", program).split() == ["wagtail_serve", "False"]


def test_a_process_for_visitors_loads_nothing_of_what_only_the_cms_does():
    """What is not loaded takes no memory, and an intruder in it finds it no nearer."""
    program = (
        "import sapo_site.wsgi, sys\n"
        "from django.template.engine import Engine\n"
        "Engine.get_default()\n"  # which loads all that templates may ask for
        "from wagtail import hooks\n"
        "print(*(each.__name__ for each in hooks.get_hooks('before_serve_document')))\n"
        "print(*sys.modules)\n"
    )
    asked_of_files, loaded = (line.split() for line in run_as("public", program).splitlines())

    # What every file is asked before it is sent is no part of the CMS.
    assert {"refuse_what_was_marked_private", "from_where_visitors_may_read"} <= {*asked_of_files}

    assert {
        "pages.public.reading.views",
        "wagtail.wagtail_hooks",
        "pages.public.wagtail_hooks",
    } <= {*loaded}
    rooms = ("pages.newsroom.in_cms", "pages.importing.", "pages.records.", "pages.library.cleaning.", "pages.moving.",
             "sapo_site.accounts.account_screens", "sapo_site.accounts.second_factor", "tips.sealing", "tips.desk", "cryptography")  # fmt: skip
    only_handed_over = {
        "pages.library.cleaning.cleaned_files",
        "pages.library.cleaning.found",
        "pages.library.cleaning.sentences",
        *(
            f"pages.records.{name}"
            for name in ("answered", "handing", "packs", "spool", "told_versions")
        ),
    }
    # Django and Wagtail ask each app for these, in every process.
    of_every_app = re.compile(r".*\.(apps|models|wagtail_hooks|templatetags(\.\w+)?)")
    only = {name for name in loaded if name.startswith(rooms) and not of_every_app.fullmatch(name)}
    assert only <= only_handed_over


def test_the_intake_answers_unknown_addresses_without_the_site_s_database():
    program = (
        "import sapo_site.wsgi\n"
        "from django.test import Client\n"
        "for path in ('/', '/finns-inte/', '/admin/', '/en/x/'):\n"
        "    print(Client().get(path).status_code)\n"
    )
    nowhere = {"DATABASE_URL": "sqlite:////finns-inte/db.sqlite3"}
    assert run_as("intake", program, **nowhere).split() == ["404"] * 4


def test_in_the_demo_mails_lie_in_a_folder_and_name_the_port_that_was_chosen(tmp_path):
    shown = "print(s.EMAIL_BACKEND, s.EMAIL_FILE_PATH, s.WAGTAILADMIN_BASE_URL)"
    demo = {
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.demo",
        "SAPO_VAR": str(tmp_path),
        "PORT": "8123",
    }
    said = run_as("", f"from django.conf import settings as s; {shown}", **demo)
    backend, folder, address = said.split()
    assert backend.endswith("filebased.EmailBackend")
    assert folder == str(tmp_path.resolve() / "mail")
    assert address == "http://127.0.0.1:8123"


def test_each_service_has_the_addresses_of_its_column_and_no_others():
    for route, services in services_of_routes().items():
        line = line_of(route)
        assert line is not None
        assert line.services == services, route
