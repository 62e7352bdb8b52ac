"""Beside the form of one picture or file: how it stands, and where it is used."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str
from wagtail.models import Page

from pages.newsroom.file_acts import LibraryFile
from pages.newsroom.file_uses import Use

from .file_states import states_of

_SHOWN = 50


@dataclass(frozen=True)
class UseLine:
    """One page or register that uses the file, and the way to it."""

    title: str
    kind: str
    address: str
    note: str = ""


def about_file(file: LibraryFile, user: User) -> dict[str, object]:
    """What the page of the picture or file shows above its form."""
    (state,) = states_of([file])
    return {
        "state": state,
        "public_uses": list(_lines(state.uses.public[:_SHOWN], user, _is_public)),
        "draft_uses": list(_lines(state.uses.drafts[:_SHOWN], user, _in_draft)),
        "is_cut": max(len(state.uses.public), len(state.uses.drafts)) > _SHOWN,
        "former_names": [
            PurePath(name).name
            for name in file.former_files.filter(spec="")
            .order_by("pk")
            .values_list("name", flat=True)
        ],
    }


def _lines(uses: Iterable[Use], user: User, note: Callable[[Use], str]) -> Iterator[UseLine]:
    finder = AdminURLFinder(user)
    by_model = sorted(uses, key=lambda use: (not use.is_page, use.model._meta.label, use.key))
    for model, of_model in groupby(by_model, key=lambda use: use.model):
        named = {use.key: use for use in of_model}
        for key, obj in sorted(_things(model, named).items()):
            yield UseLine(
                get_latest_str(obj),
                capfirst(str(obj._meta.verbose_name)),
                finder.get_edit_url(obj) or "",
                note(named[key]),
            )


def _things(model: type[Model], keys: Iterable[int]) -> dict[int, Model]:
    objects: Any = model._default_manager.filter(pk__in=list(keys))
    if model is Page:
        objects = objects.specific()
    return {obj.pk: obj for obj in objects}


def _is_public(_use: Use) -> str:
    return ""


def _in_draft(use: Use) -> str:
    if use.is_public:
        return gettext("in a draft of what is published")
    return gettext("withdrawn") if use.is_withdrawn else gettext("draft")
