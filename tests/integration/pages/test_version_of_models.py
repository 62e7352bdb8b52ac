"""Every model of ours changes the content version, unless it says that visitors never see it."""

import inspect
import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import DateField, Model
from wagtail.models import Locale, Page
from wagtail.snippets.models import get_snippet_models

from pages.changes.versions import our_models
from pages.content.models import BasePage
from pages.ground.models import ContentVersion
from pages.ground.version.memory import KINDS
from pages.library.models import SiteDocument, SiteImage
from pages.newsroom.keeping_public import deleting_for_good
from tests import factories

PAGES = [model for model in our_models() if issubclass(model, BasePage)]
RAISING = [
    model for model in our_models() if model not in PAGES and getattr(model, "raises_version", True)
]
SILENT = [model for model in our_models() if model not in [*PAGES, *RAISING]]


def _name(model: type[Model]) -> str:
    return model.__name__


def _plainest(model: type[Model], page: Page) -> Model:
    if factory := getattr(factories, f"{model.__name__}Factory", None):
        return factory()
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.has_default() or field.null or field.blank or field.primary_key:
            continue
        if field.related_model:
            values[field.name] = page if field.related_model is Page else Locale.get_default()
        else:
            values[field.name] = date(2026, 1, 1) if isinstance(field, DateField) else "x"
    return model.objects.create(**values)


def test_what_is_saved_or_deleted_changes_the_version_and_its_stamp(home):
    for model in RAISING:
        before = ContentVersion.now()
        kept = _plainest(model, home)
        saved = ContentVersion.now()
        try:
            with deleting_for_good("a test"):
                kept.delete()
        except ValidationError:  # what is decided is never deleted
            deleted = None
        else:
            deleted = ContentVersion.now()

        kind = model._meta.model_name
        assert saved.stamp_of((kind,)) != before.stamp_of((kind,))
        assert deleted is None or deleted.stamp_of((kind,)) != saved.stamp_of((kind,))


def test_each_page_type_names_the_kinds_that_change_with_it():
    for model in PAGES:
        assert "page" in model.version_kinds
        assert KINDS.issuperset(model.version_kinds)


def test_what_editors_write_on_its_own_is_what_visitors_see():
    written = {*get_snippet_models(), SiteImage, SiteDocument}
    assert not written.intersection(SILENT)


def test_a_model_that_does_not_change_the_version_says_why():
    for model in SILENT:
        source = next(
            inspect.getsource(each) for each in model.__mro__ if "raises_version" in vars(each)
        )
        assert re.search(r"^    raises_version = False  # \w+ \w+", source, re.MULTILINE)
