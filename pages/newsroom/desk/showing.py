"""What a person sees of a version or an act before it is sent or confirmed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import DraftStateMixin, Page, PreviewableMixin, Revision

from pages.comparing import (
    Line,
    compare,
    compare_settings,
    lines_of,
    read_line_by_line,
    rendered,
    settings_of,
)
from pages.content.models import BasePage, ThreatLevelDecision
from pages.content.tree.addresses import address_of
from pages.newsroom.companions import companions_of
from pages.newsroom.digest import compared, key_of, kind_of, object_of
from pages.newsroom.matching import last_read
from pages.newsroom.models import Proposal, Submission, SubmittedItem
from pages.newsroom.moments import since
from pages.newsroom.proposals import act_of, object_of_proposal, title_of
from pages.newsroom.rule import Sendable

_LATEST_EVENTS = 12
_PUBLIC_ALREADY = _(
    "Readers meet this already, as it stands. Nothing changes for them when two have approved it."
)


def shown(sendable: Sendable, reader: User) -> dict[str, Any]:
    """What is new beside what is public, for the template `newsdesk/version.html`."""
    if isinstance(sendable, Proposal):
        return _shown_act(sendable)
    version = sendable.as_object()
    public = public_version(kind_of(version), key_of(version))
    read = last_read(kind_of(version), key_of(version), reader)
    is_public = public is not None and not compared(sendable, public).differing
    return {
        "sentences": [str(_PUBLIC_ALREADY)] if is_public else [],
        **beside(public, version),
        "since_read": read and beside(read.as_object(), version, was_public=False),
        "title": title_of(version),
        "kind_label": kind_label(version),
        "language": language_of(version),
        "dated": _dated(version, sendable),
        "address": _address(version),
        "address_is_new": _address(version) != (_address(public) if public else ""),
        "along": [_file(each) for each in companions_of(version)],
        "history": list(_history(version)),
        "preview_url": preview_of(sendable),
        "more_previews": previews_of(sendable)[1:] if preview_of(sendable) else [],
    }


def beside(before: Any, after: Any, *, was_public: bool = True) -> dict[str, Any]:
    """The difference between two versions, the first of them what was public; between nothing and one."""
    return {
        "diff_lines": compare(
            _frame_around(after) if before is None else _lines(before), _lines(after)
        ),
        "setting_changes": compare_settings(
            settings_of(before) if before is not None else [],
            settings_of(after) if after is not None else [],
            was_public=was_public,
        ),
    }


def public_version(kind: str, key: str) -> Any:
    """The object as readers meet it now, or None."""
    stored = object_of(kind, key)
    return stored if stored is not None and getattr(stored, "live", True) else None


def preview_of(revision: Revision) -> str:
    """The address of the version as readers will meet it; empty if it cannot be shown by itself."""
    if not _can_be_seen(revision.as_object()):
        return ""
    return reverse("newsdesk:preview_revision", args=[revision.pk])


def previews_of(revision: Revision) -> list[tuple[str, str]]:
    """Each way in which the version will look, such as in English, first as most will: name and address."""
    address, modes = preview_of(revision), revision.as_object().preview_modes
    return [(str(name), f"{address}?{urlencode({'visning': mode})}") for mode, name in modes]


def kind_label(obj: Model | type[Model]) -> str:
    model = obj.specific_class if isinstance(obj, Page) else obj
    return capfirst(str(model._meta.verbose_name))


def _shown_act(proposal: Proposal) -> dict[str, Any]:
    obj, act = object_of_proposal(proposal), act_of(proposal)
    return {
        "title": title_of(obj),
        "kind_label": f"{act.label} · {kind_label(obj)}",
        "language": language_of(obj),
        "sentences": act.lines(obj, proposal.parameters),
        "files": act.files(obj, proposal),
        "address": _address(obj),
        "history": list(_history(obj)),
    }


def _can_be_seen(version: DraftStateMixin) -> bool:
    return isinstance(version, PreviewableMixin) and version.is_previewable()


def _lines(version: DraftStateMixin) -> list[Any]:
    """What stands on all pages on which readers will meet the version, or what there is to read of it."""
    if version is None:
        return []
    if fields := read_line_by_line(version):
        rows = [row for name in sorted(fields) for row in getattr(version, name).splitlines()]
        return [Line("paragraph", row) for row in rows]
    if not _can_be_seen(version):
        return []
    return [
        line for mode, _name in version.preview_modes for line in lines_of(rendered(version, mode))
    ]


def _frame_around(version: DraftStateMixin) -> list[Any]:
    """What readers meet where the new one will stand, such as around a first message: not new itself."""
    if isinstance(version, ThreatLevelDecision):
        return _lines(ThreatLevelDecision.objects.in_force().first())
    if not hasattr(version, "preview_as"):
        return []
    return _lines(type(version)(locale=version.locale))


def language_of(version: Any) -> str:
    locale = getattr(version, "locale", None)
    return locale.get_display_name() if locale else ""


def _address(version: DraftStateMixin) -> str:
    """The address that this version would have; in `url_path` stands that of the stored one."""
    if not isinstance(version, Page):
        return ""
    above = version.url_path.rstrip("/").rpartition("/")[0]
    return address_of(f"{above}/{version.slug}/") or ""


def _dated(version: DraftStateMixin, revision: Revision) -> str:
    """What will stand as the date of the last change, for readers."""
    if not isinstance(version, BasePage):
        return ""
    day = version.date_after(revision.content)
    text = gettext("Last changed becomes %(day)s")
    if day == version.changed_on:
        text = gettext("Last changed stays %(day)s")
    return text % {"day": date_format(day, "j F Y")}


def _file(file: Any) -> str:
    said = {"kind": str(file._meta.verbose_name).lower(), "title": file.title}
    return gettext("%(kind)s “%(title)s”") % said


def _history(version: Model) -> Iterator[str]:
    """What was sent of the object and what came of it, newest first."""
    items = SubmittedItem.objects.filter(kind=kind_of(version), key=key_of(version))
    keys = items.values("submission")
    for submission in Submission.objects.filter(pk__in=keys).select_related("sent_by", "closed_by")[
        :_LATEST_EVENTS
    ]:
        if not submission.is_open and submission.outcome != Submission.Outcome.REPLACED:
            yield _event(
                submission.get_outcome_display(),
                submission.closed_by,
                submission.closed_at,
                submission.closing_note,
            )
        yield _event(gettext("Sent"), submission.sent_by, submission.sent_at, submission.note)


def _event(what: str, who: User | None, at: Any, note: str) -> str:
    said = f"{what} {since(at)}" + (f", {get_user_display_name(who)}" if who else "")
    return f"{said}: ”{note}”" if note else said
