"""What we replace of Wagtail, Django and others: one table, applied at the start, row by row.

Each row is a line that another release may take away. So each names what it was when it was read; the
start stops where that has changed, instead of opening a door. `./sapo test --next` prints the table.

Our side is named by its place and fetched when it is needed: a service for visitors loads nothing of
the CMS. It is called with what it replaces, and then with what that is called with; a class or a value
takes its place.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pkgutil import resolve_name
from typing import Any

# What of a cursor fails as the database does; the last one on PostgreSQL only, where closing asks it.
ERRORS_TOLD = frozenset({"fetchone", "fetchmany", "fetchall", "nextset", "close"})

# Where a row is applied.
EVERYWHERE, PAGES, CMS, VISITORS, CHILD = (
    "by the settings of every service",
    "with the website",
    "with the CMS",
    "with the website, without the CMS",
    "by itself, in the children that draw",
)


@dataclass(frozen=True)
class Patch:
    """One attribute of others that is replaced."""

    target: str
    expects: str  # its signature, or its value
    read_in: str
    where: str
    ours: str
    why: str
    test: str  # fails when it is gone
    ends: str  # what to ask for, so that it can go


_WAGTAIL = "Wagtail 7.4.4"
PATCHES = (
    Patch("wagtail.admin.auth.permission_denied",
          "(request)", _WAGTAIL, CMS, "pages.newsroom.desk.refused.denied_with_reason",
          "says in a sentence what nobody has confirmed or what stays, and notes who was refused",
          "tests/integration/sapo_site/test_audit_of_refusals.py::test_publishing_what_nobody_has_confirmed_is_noted",
          "the exception given to permission_denied, and its text shown"),
    Patch("wagtail.admin.ui.side_panels.BaseSidePanel.get_context_data",
          "(self, parent_context)", _WAGTAIL, CMS, "pages.newsroom.desk.status_panel.panel_context",
          "the panels beside a form show where it stands with two persons, and our findings",
          "tests/integration/pages/test_newsroom_buttons.py::test_a_draft_has_links_and_says_what_readers_see",
          "a hook construct_side_panels"),
    Patch("wagtail.admin.views.bulk_action.registry.BulkActionRegistry.get_bulk_actions_for_model",
          "(self, app_label, model_name)", _WAGTAIL, CMS, "pages.newsroom.desk.closed_doors.offered_for_several",
          "no list offers to publish, unpublish or move several pages, which their rights shut",
          "tests/integration/pages/test_ways_round.py::test_no_list_offers_to_publish_several",
          "a hook that takes away bulk actions, or one that asks a page's rights before it is shown"),
    Patch("wagtail.contrib.simple_translation.views.SubmitTranslationForm",
          "(instance, *args, **kwargs)", _WAGTAIL, CMS, "pages.newsroom.desk.closed_doors.TranslationForm",
          "a page is translated below its translated parent, in whose place Wagtail makes a live one",
          "tests/integration/pages/test_ways_round.py::test_a_page_is_translated_under_its_translated_section_only",
          "a form_class of SubmitTranslationView, chosen by a setting or on the page's class"),
    Patch("wagtail.admin.widgets.chooser.BaseChooser.render",
          "(self, name, value, attrs=None, renderer=None)", _WAGTAIL, CMS, "pages.newsroom.editing.starts.render_chooser",
          "choosers start without an inline script, which the policy of the CMS refuses",
          "tests/integration/pages/test_starts.py::test_no_field_writes_an_inline_script_and_each_is_started",
          "wagtail/wagtail#12940"),
    Patch("wagtail.admin.views.chooser.BaseLinkFormView.render_form_response",
          "(self)", _WAGTAIL, CMS, "pages.newsroom.editing.starts.name_link_fields",
          "the fields of links have Swedish names",
          "tests/integration/pages/test_starts.py::test_the_fields_of_links_have_swedish_names",
          "labels of the forms of the link chooser in its catalogue"),
    Patch("wagtail.images.views.chooser.ImageChosenResponseMixin.get_chosen_response_data",
          "(self, image, preview_image_filter='max-165x165')", _WAGTAIL, CMS, "pages.newsroom.editing.receiving.chosen_without_preview",
          "a picture is chosen that nobody can draw at the moment; Wagtail would fail",
          "tests/integration/pages/test_large_pictures.py::test_a_picture_that_cannot_be_drawn_now_is_chosen",
          "get_rendition_or_not_found in the chooser of images"),
    Patch("wagtail.admin.views.account.AccountView.get_panels",
          "(self)", _WAGTAIL, CMS, "sapo_site.accounts.login.own_panels",
          "nobody uploads a picture of oneself past the cleaning, or guesses a password past the brake",
          "tests/integration/sapo_site/test_own_logins.py::test_nobody_uploads_a_picture_of_oneself",
          "a hook construct_account_settings_panels"),
    Patch("wagtail.models.ReferenceIndex.model_is_indexable",
          "(model, allow_child_models=False)", _WAGTAIL, PAGES, "sapo_site.cms.privacy.is_indexable",
          "what a person logs in with is no content: nobody asks where it is used",
          "tests/integration/sapo_site/test_own_factors.py::test_what_one_logs_in_with_is_no_content_that_is_used_somewhere",
          "a setting that leaves apps out of the index of references"),
    Patch("treebeard.mp_tree.MP_NodeQuerySet.delete",
          "(self, *args, **kwargs)", "django-treebeard 5.3.1", PAGES, "pages.newsroom.keeping_public.deleted_or_not_at_all",
          "a refused deletion leaves the tree as it was, whose children are counted before anybody is asked",
          "tests/integration/pages/test_deleting.py::test_what_lies_above_something_public_is_refused_in_every_way",
          "a transaction around delete, in django-treebeard"),
    Patch("wagtail.models.Page.draft_title.field.select_format",
          "(compiler, sql, params)", "Django 5.2.19", VISITORS, "sapo_site.cms.privacy.empty_text",
          "the database shows no service for visitors the title of a draft",
          "tests/system/pages/test_what_visitors_read.py::test_visitors_are_answered_with_no_more_rights_than_that",
          "draft_title in a table of its own, in Wagtail"),
    Patch("wagtail.models.CollectionViewRestriction.password.field.select_format",
          "(compiler, sql, params)", "Django 5.2.19", VISITORS, "sapo_site.cms.privacy.empty_text",
          "the database shows no service for visitors a password",
          "tests/system/pages/test_what_visitors_read.py::test_visitors_are_answered_with_no_more_rights_than_that",
          "hashed passwords of collections, in Wagtail"),
    Patch("django.db.backends.utils.CursorWrapper.WRAP_ERROR_ATTRS",
          "['fetchall', 'fetchmany', 'fetchone', 'nextset']", "Django 5.2.19", EVERYWHERE, "sapo_site.patches.ERRORS_TOLD",
          "a connection that is lost at the end of a reading is told as any other that is lost",
          "tests/long/pages/test_outages.py::test_who_reads_row_by_row_when_the_connection_is_lost_meets_what_django_says_of_an_outage",
          "close among them, in Django"),
    Patch("PIL.AvifImagePlugin.DEFAULT_MAX_THREADS",
          "0", "Pillow 13.0.0", CHILD, "pages.library.pixels.THREADS_OF_AVIF",
          "a child that draws may have one thread",
          "tests/unit/pages/test_images.py::test_place_camera_and_author_are_removed",
          "the number of threads as an option of Image.open: python-pillow/Pillow#569"),
)  # fmt: skip


class ChangedError(RuntimeError):
    """Names what others have changed of what we replace."""


def apply_patches(where: str) -> None:
    """Puts ours in place; raises ChangedError where what is there is not what it was."""
    rows = [patch for patch in PATCHES if patch.where == where]
    if changed := [said for patch in rows if (said := _what_has_changed(patch))]:
        raise ChangedError("; ".join(changed))
    for patch in rows:
        _replace(patch)


def _what_has_changed(patch: Patch) -> str:
    owner, name = owner_and_name(patch)
    there = getattr(owner, name, "gone")
    if callable(there):
        found = str(inspect.signature(there))
    else:
        found = str(sorted(there) if isinstance(there, frozenset) else there)
    told = f"{patch.target} is {found}; {patch.read_in} had {patch.expects}"
    return "" if found == patch.expects else told


def owner_and_name(patch: Patch) -> tuple[Any, str]:
    """The object whose attribute is replaced, and the attribute's name."""
    owner, _, name = patch.target.rpartition(".")
    return resolve_name(owner), name


def _replace(patch: Patch) -> None:
    owner, name = owner_and_name(patch)
    there, ours = getattr(owner, name), resolve_name(patch.ours)
    if callable(there) and not isinstance(there, type):
        ours = _around(ours, there)
        if isinstance(inspect.getattr_static(owner, name), classmethod):
            ours = staticmethod(ours)
    setattr(owner, name, ours)


def _around(ours: Callable[..., Any], there: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(there)
    def call(*about: Any, **options: Any) -> Any:
        return ours(there, *about, **options)

    return call
