"""Every address of the CMS that takes a form, and by what it keeps what readers meet as it is.

The table is written by hand. An address that is not in it fails the first test, so that a new way to
what readers meet is not open until somebody has said how it is closed. The second test posts to all
of them, as those who may most, and compares what is public before and after.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page

from pages.content.models import ArticlePage
from pages.newsroom.desk.closed_doors import CLOSED_ADDRESSES
from pages.newsroom.digest import kind_of
from pages.newsroom.guard import guarded_models
from pages.newsroom.submissions import open_submission_of, send
from sapo_site.models import AccessibilityDeviation
from tests.factories import AccessibilityDeviationFactory, ArticlePageFactory, SectionPageFactory
from tests.integration.pages.test_editors import _article_form
from tests.newsroom import live_digest_of

pytestmark = [pytest.mark.django_db]

# How it is closed:
#   reads     shows, searches or chooses; what is posted to it is only looked at
#   draft     saves a draft, or moves or throws away what nobody has read; asks two about the rest
#   delete    deletes what nobody has read (`pages/newsroom/keeping_public.py`)
#   two       sends or confirms: `pages.newsroom.submissions` asks the rule
#   shut      is there for nobody (`pages/newsroom/desk/closed_doors.py`)
#   internal  concerns accounts, comments, locks and the like, which readers never meet
#   file      pictures and files: what is public changes by proposals only
#   records   seals or weeds what was public, which asks for the password, and for a second person
#   other     Wagtail's own tables: what follows from a publication, kept by the guard
#
# address below /admin/, a register's name as KIND     how
DOORS = r"""
pages/add/*/preview/                                   reads
pages/add/*                                            draft
pages/<int:page_id>/edit/                              draft
pages/<int:page_id>/edit/preview/                      reads
pages/<int:page_id>/copy/                              draft
pages/<int:page_id>/delete/                            delete
pages/<int:page_to_move_id>/move/                      draft
pages/<int:page_to_move_id>/move/*/confirm/            draft
pages/<int:page_id>/revisions/*/revert/                draft
pages/<int:page_id>/revisions/*/unschedule/            shut
pages/<int:page_id>/revisions/*/view/                  reads
pages/<int:page_id>/revisions/                         reads
pages/<int:page_id>/convert_alias/                     shut
pages/<int:page_id>/privacy/                           shut
pages/<int:page_id>/unpublish/                         shut
pages/<int:page_to_move_id>/set_position/              shut
pages/workflow/action/*                                shut
pages/workflow/collect_action_data/*                   shut
pages/workflow/confirm_cancellation/*                  shut
pages/workflow/preview/*                               reads
pages/<int:page_id>/lock/                              internal
pages/<int:page_id>/unlock/                            internal
pages/<int:page_id>/history/*                          reads
pages/<int:page_id>/usage/                             reads
pages/<int:page_id>/view_draft/                        reads
pages/<int:page_id>/workflow_history/*                 reads
pages/<int:parent_page_id>/                            reads
pages/<int:parent_page_id>/add_subpage/                reads
pages/<int:parent_page_id>/results/                    reads
pages/^(*/revisions/compare/*                          reads
pages/                                                 reads
pages/create/*                                         reads
pages/search/*                                         reads
pages/usage/*                                          reads
snippets/KIND/add/                                     draft
snippets/KIND/delete/*                                 delete
snippets/KIND/edit/*                                   draft
snippets/KIND/history/*/revert/                        draft
snippets/KIND/history/*/unschedule/                    shut
snippets/KIND/unpublish/*                              shut
snippets/KIND/workflow/action/*                        shut
snippets/KIND/workflow/collect_action_data/*           shut
snippets/KIND/workflow/confirm_cancellation/*          shut
snippets/KIND/workflow/preview/*                       reads
snippets/KIND/lock/*                                   internal
snippets/KIND/unlock/*                                 internal
snippets/KIND/history/*/view/                          reads
snippets/KIND/history/*/compare/*                      reads
snippets/KIND/history/<int:pk>/                        reads
snippets/KIND/history-results/*                        reads
snippets/KIND/inspect/*                                reads
snippets/KIND/preview/*                                reads
snippets/KIND/usage/*                                  reads
snippets/KIND/workflow_history/*                       reads
snippets/KIND/results/                                 reads
snippets/KIND/                                         reads
snippets/                                              reads
snippets/choose/*                                      reads
bulk/*                                                 draft
translation/submit/*                                   draft
redaktion/skicka/*                                     two
redaktion/koll/*                                       reads
redaktion/godkann/*                                    two
redaktion/granska/*                                    two
redaktion/krislage/<int:pk>/vem/                       two
redaktion/krislage/*                                   draft
redaktion/stoppa/*                                     two
redaktion/stammer/*                                    internal
redaktion/ta-bort/*                                    two
redaktion/flytta/*                                     two
redaktion/ordna/*                                      two
redaktion/fran-fil/*                                   draft
redaktion/jamfor/*                                     draft
redaktion/klistra/*                                    reads
redaktion/fore-regeln/*                                reads
redaktion/nodpubliceringar/*                           reads
redaktion/konton/                                      internal
redaktion/visa/*                                       reads
redaktion/lista/*                                      reads
sa-sag-sidan/sekretess/                                records
sa-sag-sidan/gallra/*                                  records
sa-sag-sidan/*                                         reads
api/main/^pages/<int:pk>/action/*                      shut
api/main/*                                             reads
sites/*                                                shut
locales/*                                              shut
workflows/*                                            shut
collections/<int:collection_id>/privacy/               shut
collections/*                                          internal
redirects/*                                            other
phrase/*                                               internal
preparedmessage/*                                      internal
callnumber/*                                           internal
duty/*                                                 internal
andra/*                                                reads
accessibilitymessage/*                                 internal
images/<int:image_id>/preview/*                        shut
images/<int:image_id>/generate_url/*                   shut
images/multiple/create_from_uploaded_image/*           shut
images/multiple/delete_upload/*                        shut
documents/multiple/create_from_uploaded_document/*     shut
documents/multiple/delete_upload/*                     shut
images/chooser/*                                       file
images/*                                               file
documents/*                                            file
account/                                               internal
users/*                                                internal
groups/*                                               internal
login/*                                                internal
inloggning/*                                           internal
logout/                                                internal
nytt-losenord/*                                        internal
account/logins/                                        internal
password_reset/*                                       internal
dismissibles/                                          internal
editing-sessions/*                                     internal
embeds/*                                               reads
choose-*                                               reads
block-preview/                                         reads
reports/*                                              reads
tag-autocomplete/*                                     reads
failwhale/                                             shut
handbok/                                               reads
jsi18n/                                                reads
sprite/                                                reads
test404/                                               shut
^.*/$                                                  reads
"""
# Kept by tests of their own: nothing is posted to them here.
_NOT_TRIED = {"file", "other", "internal", "records"}

ROWS = [tuple(line.split()) for line in DOORS.strip().splitlines()]


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern.url_patterns, route)


def _addresses() -> list[str]:
    """Every address of the CMS, without those that stand in the way of Wagtail's."""
    ours = {f"^admin/{address}" for address in CLOSED_ADDRESSES}
    found = _routes(get_resolver().url_patterns)
    return [
        each.removeprefix("admin/")
        for each in found
        if each.startswith("admin/") and each not in ours
    ]


def _row_of(address: str) -> tuple[str, ...] | None:
    """The first row of the table that the address falls under."""
    named = re.sub(r"^snippets/(?!choose/)\w+/\w+/", "snippets/KIND/", address)
    return next((row for row in ROWS if named == row[0] or fnmatchcase(named, row[0])), None)


def test_every_address_of_the_cms_says_how_it_is_closed():
    lacking = [address for address in _addresses() if address and _row_of(address) is None]

    assert lacking == [], "Add a row to DOORS in tests/integration/pages/test_doors.py."
    used = {_row_of(address) for address in _addresses()}
    assert set(ROWS) - used == set(), "Take these rows away."


def test_an_address_that_is_in_no_row_is_found():
    assert _row_of("pages/<int:page_id>/publicera/") is None
    assert _row_of("snippets/pages/nytt/publicera/") is None


# What readers meet


def _public() -> dict[Any, Any]:
    """The digest and the place of everything that readers meet."""
    found: dict[Any, Any] = {}
    for model in guarded_models():
        if model is not Page:
            for each in model._base_manager.filter(live=True):
                place = (each.path, each.url_path) if isinstance(each, Page) else ()
                found[kind_of(each), each.pk] = (live_digest_of(each), *place)
    found["redirects"] = list(Redirect.objects.values_list("old_path", "redirect_page_id"))
    return found


def _rows() -> list[Any]:
    """The same as they lie in the tables, which is read sooner."""
    return [
        list(model._base_manager.filter(live=True).values_list())
        for model in guarded_models()
        if model is not Page
    ]


@contextmanager
def _noting_writes() -> Iterator[list[str]]:
    """Collects what is asked of the database that may change a row."""
    written: list[str] = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written


@pytest.fixture
def live(section) -> ArticlePage:
    """A page that is public and has a newer draft."""
    page = ArticlePageFactory(parent=section, title="Samarbete med andra", slug="samarbete")
    page.save_revision().publish()
    page.refresh_from_db()
    page.lead = "Ett utkast."
    page.save_revision()
    return ArticlePage.objects.get(pk=page.pk)


@pytest.fixture
def row(home) -> AccessibilityDeviation:
    row = AccessibilityDeviationFactory()
    row.save_revision().publish()
    row.refresh_from_db()
    row.text = "Ett utkast."
    row.save_revision()
    return row


@pytest.fixture
def everything(section, home, live, row, editor) -> dict[str, Any]:
    """Keys of something live, of a draft, and of what is sent, for the addresses and forms."""
    draft = ArticlePageFactory(parent=section, title="Utkast", slug="utkast", live=False)
    send(editor, [draft.save_revision(user=editor)])
    other = SectionPageFactory(parent=home, title="Annat", slug="annat")
    english, _ = Locale.objects.get_or_create(language_code="en")
    task = Page.objects.get(pk=draft.pk).current_workflow_task_state
    return {"live": live, "draft": draft, "row": row, "other": other, "english": english,
            "submission": open_submission_of(draft), "task": task}  # fmt: skip


def _form(on: dict[str, Any]) -> dict[str, Any]:
    """All that a hand-made form might say, in one."""
    said = dict.fromkeys(
        ("action-publish", "action-submit", "action-restart-workflow", "action-cancel-workflow",
         "action-workflow-action", "publish_copies", "copy_subpages", "alias", "move_applied",
         "include_descendants", "include_subtree", "recursive", "keep_live"), "on",
    )  # fmt: skip
    return {
        **_article_form(), **said, "workflow-action-name": "approve",
        "comment": "", "restriction_type": "login", "position": "0", "act": "confirm", "title": "Ord",
        "new_title": "Kopia", "new_slug": "kopia", "new_parent_page": on["other"].pk,
        "chooser": on["other"].pk, "destination_page_id": on["other"].pk,
        "locales": [on["english"].pk], "expire_at": "2020-01-01 09:00", "go_live_at": "",
        "revision_id": on["live"].latest_revision_id, "wagtail_site_name": "wagtail",
    }  # fmt: skip


def _paths(on: dict[str, Any], *, with_reading: bool) -> Iterator[str]:
    """The addresses, filled with what is live and with what waits for approval."""
    register_row, submission = on["row"], on["submission"]
    for page in (on["live"], on["draft"]):
        names = {
            r"<int:destination_id>": on["other"].pk,
            r"<int:parent_page_id>": page.get_parent().pk,
            r"<\w+:(?:page_id|page_to_move_id)>": page.pk,
            r"<int:revision_id>": page.latest_revision_id,
            r"<int:task_state_id>": on["task"].pk,
            r"<(?:slug|str):action_name>": "approve",
            r"<\w+:(?:content_type_app_name|app_label|app_name)>": "content",
            r"<\w+:(?:content_type_model_name|model_name)>": "articlepage",
            r"<str:kind>": "article",
            r"<str:key>": page.pk,
            r"\^": "",
        }
        for address in _addresses():
            row = _row_of(address)
            if row is None or row[1] in _NOT_TRIED or address.startswith("bulk/"):
                continue
            if row[1] == "reads" and (page is on["draft"] or not with_reading):
                continue  # once is enough
            key = (
                submission.pk
                if "redaktion" in address
                else register_row.pk
                if "snippets" in address
                else page.pk
            )
            path = re.sub(r"<(?:int|str):pk>", str(key), address)
            if address.startswith("snippets/sapo_site"):
                path = path.replace("<int:revision_id>", str(register_row.latest_revision_id))
            for pattern, value in names.items():
                path = re.sub(pattern, str(value), path)
            yield path
    for action in ("publish", "unpublish", "approve", "reject", "copy", "move", "revert_to_page_revision",
                   "create_alias", "convert_alias"):  # fmt: skip
        yield f"api/main/pages/{on['live'].pk}/action/{action}/"
    for app, models in bulk_action_registry.actions.items():
        for model, actions in models.items():
            if model in ("image", "document", "user"):
                continue
            for action in {*actions, "publish", "unpublish", "move"}:
                key = register_row.pk if model == "accessibilitydeviation" else on["live"].pk
                yield f"bulk/{app}/{model}/{action}/?id={key}&id={on['draft'].pk}"


def post_everywhere(user, everything, *, with_reading):
    """Posts one form to every address as this person; what readers meet is as before after each."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    list(bulk_action_registry.get_bulk_actions_for_model("wagtailcore", "page"))
    form, before, rows = _form(everything), _public(), _rows()
    client.get("/admin/")  # begins the session, so that not every answer writes it
    paths = list(dict.fromkeys(_paths(everything, with_reading=with_reading)))
    assert len(paths) > 100

    for path in paths:
        with transaction.atomic():
            with _noting_writes() as written:
                client.post(f"/admin/{path}", form)
            # Most answers write nothing at all; the tables are read only after those that do.
            if written and _rows() != rows:
                assert _public() == before, path
            transaction.set_rollback(True)


def test_a_form_made_by_hand_changes_nothing_that_readers_meet(chief_editor, everything):
    post_everywhere(chief_editor, everything, with_reading=False)
