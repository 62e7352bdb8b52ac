"""What stands beside the words of a page, and all that a row of a register holds, with names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.admin.panels import get_edit_handler
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.models import Page
from wagtail.rich_text import RichText

from pages.content.publishing.stored import WISHES
from pages.content.tree.addresses import address_of

from .compared import Piece, words_compared
from .read_lines import lines_of

# Read in the page itself; whatever else its form asks for is a setting.
_IN_THE_PAGE = frozenset(
    {
        "about", "about_links", "aside", "body", "heading", "image", "kind", "lead",
        "published_on", "tasks", "tip_heading", "tip_text",
    }
)  # fmt: skip
_NOT_CONTENT = frozenset({"comment_notifications"})
# Settings that the form does not ask for.
_BESIDE_THE_FORM = ("go_live_at", "expire_at", "message_type", "follows")


@dataclass(frozen=True)
class Setting:
    """A setting by the name that its form gives it, and its value as one would say it."""

    label: str
    value: str
    name: str = ""
    is_set: bool = True
    leads_on: bool = False  # an address that readers may know


@dataclass(frozen=True)
class SettingChange:
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    remark: str = ""


def settings_of(obj: Any) -> list[Setting]:
    """What an editor can set, in the order of the form; for a page, but what stands in it."""
    read_elsewhere = _IN_THE_PAGE if isinstance(obj, Page) else read_line_by_line(obj)
    left_out = _NOT_CONTENT | read_elsewhere
    return [
        _setting(obj, name, label)
        for name, label in _labels_of(obj).items()
        if name not in left_out
    ]


def read_line_by_line(obj: Any) -> frozenset[str]:
    """The fields that are compared line by line, since they are too long to be read twice."""
    return frozenset(getattr(obj, "read_line_by_line", ()))


def compare_settings(
    before: Iterable[Setting], after: Iterable[Setting], *, was_public: bool = False
) -> list[SettingChange]:
    """The settings that differ; with nothing before, all that are set."""
    former, now = ({each.name: each for each in side} for side in (before, after))
    for wish in (WISHES - {"go_live_at"}) & former.keys() if was_public else ():
        del former[wish]  # used up by that publication
    pairs = [
        (former.get(name) or _unset(now[name]), now.get(name) or _unset(former[name]))
        for name in [*now, *(name for name in former if name not in now)]
    ]
    return [
        _change(was, becomes)
        for was, becomes in pairs
        if was.value != becomes.value and (was.is_set or becomes.is_set)
    ]


def _labels_of(obj: Any) -> dict[str, str]:
    is_page = isinstance(obj, Page)
    panels = type(obj).get_edit_handler() if is_page else get_edit_handler(type(obj))
    form = panels.get_form_class()
    names = sorted(form.base_fields, key=lambda name: name in form.declared_fields)
    others = [name for name in _BESIDE_THE_FORM if hasattr(obj, name) and name not in names]
    return {name: str(form.base_fields[name].label) for name in names} | {
        name: capfirst(str(obj._meta.get_field(name).verbose_name)) for name in others
    }


def _setting(obj: Any, name: str, label: str) -> Setting:
    is_address = name == "slug" and isinstance(obj, Page)
    try:
        value = getattr(obj, name)
    except ObjectDoesNotExist:
        value = None
    if is_address:
        label = _("Address")
    said = _address(obj) if is_address else _choice(obj, name) or _said(value)
    return Setting(
        label,
        said,
        name,
        is_set=bool(said) and value is not False,
        leads_on=is_address and obj.live,
    )


def _unset(setting: Setting) -> Setting:
    return replace(setting, value="", is_set=False)


def _choice(obj: Any, name: str) -> str:
    display = getattr(obj, f"get_{name}_display", None)
    return str(display() or "") if display else ""


def _address(page: Page) -> str:
    """The address that this version would have: in the database stands that of the live one."""
    above = page.url_path.rstrip("/").rpartition("/")[0]
    return address_of(f"{above}/{page.slug}/") or page.slug


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Page):  # others may have the same title
        return f"{value} ({address_of(value.url_path) or value.slug})"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(localtime(value), r"j F Y \k\l. H.i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, RichText):
        return "\n".join(line.text for line in lines_of(str(value)))
    if isinstance(value, StreamValue | ListValue | StructValue):
        return "\n".join(_lines(value))
    if isinstance(value, Iterable) and not isinstance(value, str | Model):
        return ", ".join(map(_said, value))
    return str(value)


def _lines(value: Any) -> Iterator[str]:
    """A stream as lines; a link as its words and its address."""
    if isinstance(value, StreamValue):
        for block in value:
            yield from _lines(block.value)
    elif isinstance(value, ListValue):
        for item in value:
            yield from _lines(item)
    elif isinstance(value, StructValue):
        if hasattr(value, "href"):
            yield f"{value.text} (→ {value.href})" if value.href else value.text
        else:
            yield " · ".join(filter(None, map(_said, value.values())))
    elif said := _said(value):
        yield said


def _change(before: Setting, after: Setting) -> SettingChange:
    remark = _("The address becomes %(address)s, the former one leads on") % {
        "address": after.value
    }
    return SettingChange(
        label=after.label,
        before=before.value,
        after=after.value,
        pieces=words_compared(before.value, after.value),
        remark=remark if after.leads_on and before.is_set else "",
    )
