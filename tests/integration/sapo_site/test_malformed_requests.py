"""What the CMS answers to a request that none of its pages sends."""

import re
from unittest.mock import patch

import pytest
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import OperationalError, connection
from django.test import Client
from wagtail.admin.views.home import HomeView

from tests.factories import ArticlePageFactory, SiteDocumentFactory

TOLD = "Det gick inte att läsa det som skickades"
ASKED = [
    "/admin/bulk/wagtailcore/page/send/?id=x",
    "/admin/bulk/library/siteimage/delete/?id=",
    "/admin/images/chooser/chosen-multiple/?id=x",
    "/admin/login/?next=x",
    "/admin/documents/chooser/chosen/x/",
]


def test_nonsense_is_answered_400_in_swedish_and_leaves_one_line_without_what_was_sent(
    client, chief_editor, home, caplog, subtests
):
    client.force_login(chief_editor)
    for address in ASKED:
        with subtests.test(address=address):
            caplog.clear()
            response = client.get(address)
            assert response.status_code == 400
            assert TOLD in response.content.decode()
            [record] = [
                each for each in caplog.records if each.name == "sapo_site.answering.middleware"
            ]
            assert re.fullmatch(r"400: [\w:.]+, \w+ in wagtail\.[\w.]+", record.getMessage())
            assert record.exc_info is None


@pytest.mark.sql
def test_a_number_that_no_column_takes_is_answered_400_or_finds_nothing(
    client, chief_editor, home, subtests
):
    """PostgreSQL compares it with the numbers that there are."""
    client.force_login(chief_editor)
    for address, elsewhere in [
        ("/admin/bulk/wagtailcore/page/send/?id=99999999999999999999", 404),
        ("/admin/pages/?edited_by=9223372036854775808", 200),
    ]:  # fmt: skip
        with subtests.test(address=address):
            response = client.get(address)
            assert response.status_code == (400 if connection.vendor == "sqlite" else elsewhere)
            assert (TOLD in response.content.decode()) == (response.status_code == 400)


def test_a_form_without_its_fields_is_answered_400(client, chief_editor, section):
    page = ArticlePageFactory(parent=section)
    client.force_login(chief_editor)
    response = client.post(f"/admin/pages/{page.pk}/copy/", {})
    assert response.status_code == 400
    assert TOLD in response.content.decode()


def test_a_form_that_wagtail_cannot_do_without_a_field_is_answered_400(
    client, chief_editor, home, subtests
):
    client.force_login(chief_editor)
    for address in [
        "/admin/choose-external-link/",
        "/admin/snippets/choose/content/contact/create/",
    ]:
        with subtests.test(address=address):
            response = client.post(address, {"x": "y"})
            assert response.status_code == 400
            assert TOLD in response.content.decode()


def test_a_form_that_is_to_lead_back_to_nowhere_is_answered_400(
    client, chief_editor, home, subtests
):
    document = SiteDocumentFactory(uploaded_by_user=chief_editor)
    client.force_login(chief_editor)
    for back in ["\\", "'"]:
        with subtests.test(back=back):
            form = {"title": "Plan", "tags": "", "collection": 1, "description": "", "next": back}
            response = client.post(f"/admin/documents/edit/{document.pk}/", form)
            assert response.status_code == 400
            assert TOLD in response.content.decode()


def test_what_wagtail_lets_fail_on_purpose_is_not_there(client, admin, home, subtests):
    client.force_login(admin)
    for name in ["failwhale", "test404"]:
        with subtests.test(name=name):
            assert client.get(f"/admin/{name}/").status_code == 404


def test_something_of_ours_that_is_missing_stays_a_500(client, chief_editor, home):
    client.force_login(chief_editor)
    client.raise_request_exception = False
    with patch.object(HomeView, "get_panels", side_effect=lambda: None.ours):
        assert client.get("/admin/").status_code == 500


FAULTS = [
    (400, SuspiciousOperation()),
    (500, ValidationError("upptaget")),
    (503, OperationalError("database or disk is full")),
]


@pytest.mark.parametrize(("status", "fault"), FAULTS, ids=[str(status) for status, _ in FAULTS])
def test_whatever_fails_in_the_cms_is_said_to_editors_and_not_to_visitors(
    client, chief_editor, home, status, fault
):
    client.force_login(chief_editor)
    client.raise_request_exception = False
    with patch.object(HomeView, "get_panels", side_effect=fault):
        answer = client.get("/admin/")
    words = answer.content.decode()
    assert answer.status_code == status
    assert "redaktionsverktyget" in words.casefold()
    assert 'lang="sv"' in words
    assert 'href="/admin/"' in words
    assert "tel:" not in words


def test_what_is_not_there_in_the_cms_is_said_to_editors(client, chief_editor, home, subtests):
    client.force_login(chief_editor)
    for address in ["/admin/redaktion/granska/999999/", "/admin/finns-inte/"]:
        with subtests.test(address=address):
            words = client.get(address).content.decode()
            assert 'href="/admin/"' in words
            assert "tel:" not in words
            assert "Ring oss" not in words
            for said in ("Sidan finns inte", "Adressen kan vara felskriven, eller det"
                         " som fanns där borttaget.", "Till redaktionsverktygets startsida"):  # fmt: skip
                assert said in words


def test_a_form_of_the_cms_without_its_token_is_refused_in_its_own_words(chief_editor, home):
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief_editor)
    words = client.post("/admin/account/", {}).content.decode()
    assert "Du har inte tillgång till sidan" in words
    assert "tel:" not in words


def test_a_fault_of_our_own_stays_a_500(client, chief_editor, home, subtests):
    client.force_login(chief_editor)
    client.raise_request_exception = False
    for fault in [ValueError("vårt eget"), OverflowError(), KeyError("q")]:
        at_fault = patch.object(HomeView, "get_panels", side_effect=fault)
        with subtests.test(fault=fault), at_fault:
            assert client.get("/admin/?q=hej&p=2").status_code == 500


def _ours(*, asks):
    """A function of our own that works with what was sent, as it came."""
    names = {"__name__": "pages.newsroom.desk.lists"}
    exec(f"def panels(view):\n    return {asks}", names)  # noqa: S102
    return names["panels"]


def test_our_own_code_that_fails_on_what_was_sent_is_a_500(client, chief_editor, home, subtests):
    client.force_login(chief_editor)
    client.raise_request_exception = False
    for asks in [
        "int(view.request.GET['q'])", "view.request.GET['saknas']",
        "__import__('wagtail').models.Page.objects.get(pk=view.request.GET['q'])",
        "__import__('wagtail').models.Page.objects.get(pk=view.request.GET['tal'])",
        "view.request.GET.get('saknas').strip()", "open(view.request.GET['nul'])",
        "__import__('django').urls.reverse('admin', args=[view.request.GET['q']])",
    ]:  # fmt: skip
        with subtests.test(asks=asks):
            with patch.object(HomeView, "get_panels", _ours(asks=asks)):
                answer = client.get(f"/admin/?q=hej&tal={'9' * 25}&nul=a%00b")
            assert answer.status_code == 500


NUMBERS = ["9" * 5000, "²", "٣", "-1", "x"]


@pytest.mark.parametrize("number", NUMBERS, ids=["long", "raised", "arabic", "less", "letter"])
def test_what_is_no_number_of_a_row_is_never_a_fault(client, chief_editor, section, number):
    for title in ("Ett", "Två"):
        ArticlePageFactory(parent=section, title=title)
    client.force_login(chief_editor)
    order = f"/admin/redaktion/ordna/{section.pk}/"
    assert client.post(order, {"children": [number]}).status_code == 400
    assert client.post(order, {"up": number}).status_code == 422
    for address, form in [
        ("/admin/account/logins/", {"which": number}),
        ("/admin/inloggning/ta-bort/", {"kind": "app", "id": number}),
        ("/admin/redaktion/krislage/ny/", {"type": "update", "follows": number}),
    ]:
        assert client.post(address, form, follow=True).status_code == 200
    address = "/admin/snippets/content/threatleveldecision/add/"
    assert client.get(address, {"corrects": number}, follow=True).status_code == 200
