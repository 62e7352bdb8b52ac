"""The CMS has no way to a tip: not by its models, its lists, its accounts or its database."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from wagtail import hooks
from wagtail.admin.viewsets import viewsets
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    ReferenceIndex,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search.index import Indexed, get_indexed_models
from wagtail.snippets.models import get_snippet_models

from tests.handlers import desk_login
from tips.models import Tip

MODELS = list(apps.get_app_config("tips").get_models())
IN_BOTH = pytest.mark.django_db(databases=["default", "tips"])


def test_the_models_of_the_tip_channel_are_tried():
    assert Tip in MODELS


def test_no_form_that_stores_answers_in_clear_can_be_built_in_the_cms():
    """`wagtail.contrib.forms` keeps what people send as JSON in clear in the website's database,
    shows it to editors, lets them export it, and mails it: a look-alike tip form would be a leak.
    """
    assert not apps.is_installed("wagtail.contrib.forms")
    names = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    assert "form_data" not in names


def test_no_model_of_the_tip_channel_takes_part_in_the_cms(subtests):
    for model in MODELS:
        with subtests.test(model=model):
            assert model not in get_snippet_models()
            assert model not in get_indexed_models()
            assert not issubclass(
                model,
                (
                    DraftStateMixin, Indexed, LockableMixin, PreviewableMixin, RevisionMixin,
                    WorkflowMixin,
                ),
            )  # fmt: skip
            assert not ReferenceIndex.model_is_indexable(model)
            assert model not in {getattr(viewset, "model", None) for viewset in viewsets.viewsets}


@pytest.mark.django_db
def test_no_permission_on_the_tip_channel_can_be_given_to_a_group():
    assert not Permission.objects.filter(content_type__app_label="tips").exists()
    offered = [
        permission.content_type.app_label
        for register in hooks.get_hooks("register_permissions")
        for permission in register()
    ]
    assert "sapo_site" in offered
    assert "tips" not in offered


_VALUES = {
    "BigAutoField": 1, "BinaryField": b"x" * 32, "BooleanField": False, "CharField": "x",
    "DateField": date(2026, 11, 25), "DateTimeField": datetime(2026, 11, 25, tzinfo=UTC),
    "EmailField": "x@example.org", "JSONField": {},
    "PositiveBigIntegerField": 1, "PositiveIntegerField": 1, "PositiveSmallIntegerField": 1,
    "TextField": "x", "UUIDField": UUID(int=1),
}  # fmt: skip


@IN_BOTH
def test_what_happens_to_a_tip_leaves_no_trace_in_the_websites_database(subtests):
    for model in [model for model in MODELS if model._meta.managed]:
        with subtests.test(model=model):
            with CaptureQueriesContext(connections["default"]) as queries:
                row = model(
                    **{
                        field.name: _VALUES[type(field).__name__]
                        for field in model._meta.concrete_fields
                    }
                )
                row.save()
                row.save()
                row.delete()
            assert [query["sql"] for query in queries] == []


def _admin_addresses(patterns=None, before="") -> list[str]:
    """Every address pattern of the CMS."""
    if patterns is None:
        patterns = get_resolver().url_patterns
    found = []
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found += _admin_addresses(pattern.url_patterns, address)
        elif address.startswith(settings.ADMIN_PATH):
            found.append(address)
    return found


def test_no_address_of_the_cms_names_the_tip_channel():
    addresses = _admin_addresses()
    assert len(addresses) > 300
    assert [address for address in addresses if "/tips/" in address] == []


CMS_PAGES = (
    "/admin/", "/admin/groups/new/", "/admin/pages/search/?q=tips",
    "/admin/reports/locked/", "/admin/reports/page-types-usage/", "/admin/reports/site-history/",
    "/admin/reports/workflow/", "/admin/reports/workflow_tasks/",
    "/admin/snippets/content/footer/", "/admin/users/",
)  # fmt: skip


@pytest.mark.django_db
def test_the_cms_opens_without_asking_the_tip_channels_database(client, admin, home, subtests):
    client.force_login(admin)
    for address in CMS_PAGES:
        with subtests.test(address=address):
            assert client.get(address).status_code == 200


# Those who open tips have no part in the CMS


OF_BOTH = pytest.mark.django_db(databases=["default", "tips"])


@OF_BOTH
def test_a_handler_cannot_log_in_to_the_cms(client, handler, home):
    response = client.post(
        "/admin/login/",
        {"username": handler.id, "password": "hemligt-nog-for-prov", "next": "/admin/"},
    )
    assert response.status_code == 200
    assert "Fel användarnamn eller lösenord. Försök igen." in response.content.decode()


@OF_BOTH
def test_a_handlers_session_opens_nothing_in_the_cms(client, handler, home, subtests):
    desk_login(client)
    for address in ["/admin/", "/admin/pages/", CMS_PAGES[9]]:
        with subtests.test(address=address):
            response = client.get(address)
            assert response.status_code == 302
            assert response["Location"].startswith("/admin/login/")
