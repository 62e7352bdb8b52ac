"""Fields of the CMS start without inline scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import wagtail
from django.apps import apps
from django.conf import settings
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.widgets import (
    AdminDateInput,
    AdminDateTimeInput,
    AdminPageChooser,
    AdminTimeInput,
    BaseChooser,
)
from wagtail.admin.widgets.workflows import AdminTaskChooser
from wagtail.images.widgets import AdminImageChooser
from wagtail.snippets.widgets import AdminSnippetChooser

from pages.content.models import Topic

pytestmark = [pytest.mark.django_db]

_PROGRAM = (settings.PROJECT_DIR / "pages/newsroom/static/js" / "cms_starts.js").read_text()
_INLINE = re.compile(r"<script(?![^>]*\b(?:src|type)=)[^>]*>", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
# Where Wagtail writes a script into its pages, and what becomes of it.
KNOWN = {
    # pages/newsroom/editing/starts.py
    "admin/templates/wagtailadmin/widgets/date_input.html",
    "admin/templates/wagtailadmin/widgets/datetime_input.html",
    "admin/templates/wagtailadmin/widgets/time_input.html",
    "admin/widgets/chooser.py",
    # No form of ours has such panels; those of Wagtail's workflows are closed (wagtail/wagtail#12940).
    "admin/templates/wagtailadmin/panels/inline_panel.html",
    "admin/templates/wagtailadmin/panels/multiple_chooser_panel.html",
}


def _choosers(kind: type[BaseChooser] = BaseChooser) -> Iterator[type[BaseChooser]]:
    for each in kind.__subclasses__():
        yield each
        yield from _choosers(each)


def _fields() -> list[object]:
    """One of each kind; only in Wagtail's workflows, which are closed, is a task chosen."""
    choosers = [AdminSnippetChooser(Topic)] + [
        kind()
        for kind in _choosers()
        if hasattr(kind, "chooser_modal_url_name") and kind is not AdminTaskChooser
    ]
    assert {AdminPageChooser, AdminImageChooser} <= {type(each) for each in choosers}
    return [*choosers, AdminDateInput(), AdminDateTimeInput(), AdminTimeInput(),
            DateRangePickerWidget()]  # fmt: skip


def test_no_field_writes_an_inline_script_and_each_is_started():
    for field in _fields():
        html = field.render("thing", None, {"id": 'id-"thing'})
        assert "<script" not in html
        started = re.findall(r'<cms-start data-name="(\w+)" data-values="\[(.*?)\]">', html)
        assert started, html
        for name, values in started:
            assert f'"{name}"' in _PROGRAM, name
            assert '"' not in values


def _files_of_wagtail() -> Iterator[Path]:
    """The templates and code of what is installed of it."""
    for app in apps.get_app_configs():
        if app.name.partition(".")[0] == "wagtail" and app.name != "wagtail":
            for pattern in ("*.html", "*.py"):
                yield from Path(app.path).rglob(pattern)


def test_no_other_inline_script_is_in_wagtail():
    root = Path(wagtail.__file__).parent
    assert {
        path.relative_to(root).as_posix()
        for path in _files_of_wagtail()
        if "test" not in path.as_posix().removeprefix(root.as_posix())
        and _INLINE.search(_COMMENT.sub("", path.read_text()))
    } == KNOWN


def test_no_form_of_ours_has_a_panel_that_starts_by_an_inline_script():
    for app in ("pages", "cooperation", "sapo_site"):
        for path in (settings.PROJECT_DIR / app).rglob("*.py"):
            assert not re.search(r"\b(?:InlinePanel|MultipleChooserPanel)\(", path.read_text()), (
                path
            )
