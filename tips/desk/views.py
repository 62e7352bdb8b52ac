"""The desk's pages that the server renders. None shows what a tip contains."""

import tempfile
from contextlib import ExitStack
from datetime import date
from typing import Any
from uuid import UUID

from csp.utils import build_policy
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tips.handling import (
    events,
    outgoing,
    purge,
    register,
    register_numbers,
    states,
    steps,
    tip_page_texts,
)
from tips.keeping.present_keyring import keyring_fault_in_words, keyring_now, root_or_none
from tips.keeping.vault import vault_now
from tips.login.journal import note
from tips.models import Handler, Tip
from tips.sealing.fingerprint import word_rows
from tips.sealing.keyring import KeyringError
from tips.sealing.reference import reference_of

from . import asked, gate, queue, sessions

EVENTS_PER_PAGE = TIPS_PER_PAGE = 50


@gate.page("GET")
def desk(request: HttpRequest, user: Handler, tip_id: UUID | None = None) -> HttpResponse:
    """The document in which the script opens tips: the queue, or one tip."""
    context = {**frame(user), "texts_wait": tip_page_texts.are_waiting(), "root": root_or_none()}
    page = render(request, "tips/desk/desk.html", context)
    page.headers["Content-Security-Policy"] = build_policy(settings.CSP_FOR_OPENED_TIPS)
    return page


@gate.file("GET")
def sealed_bundle(request: HttpRequest, user: Handler, tip_id: UUID) -> HttpResponseBase:
    """A tip with its files and notes in one file, all still sealed."""
    gate.refuse_unread(steps.find(tip_id))
    tip = steps.export(tip_id, user.username)
    with ExitStack() as until_it_is_whole:
        archive = until_it_is_whole.enter_context(tempfile.TemporaryFile())
        outgoing.write_bundle([tip], vault_now(), archive)
        archive.seek(0)
        until_it_is_whole.pop_all()  # from here on the response closes it
    return FileResponse(
        archive,
        as_attachment=True,
        filename=f"{reference_of(tip_id)}.zip",
        content_type="application/zip",
    )


class DeskForm(forms.Form):
    """A form whose controls have the desk's look, and say which error is theirs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.visible_fields():
            attributes = field.field.widget.attrs
            attributes["class"] = "desk-field__control"
            if field.errors:
                attributes["aria-describedby"] = f"{field.id_for_label}_error"


@gate.open_page("GET", "POST")
def log_out(request: HttpRequest) -> HttpResponse:
    """GET, as by a link, asks whoever is logged in; POST ends the session, here and in the browser."""
    if request.method != "POST":
        try:
            user = sessions.session_of(request, keeps_awake=False).handler
        except sessions.LoggedOut:
            return HttpResponseRedirect(reverse("desk:log_in"))
        return render(request, "tips/desk/log_out.html", frame(user))
    response = HttpResponseRedirect(f"{reverse('desk:log_in')}?utloggad=1")
    if handler := sessions.end_session_and_forget(request, response):
        note(gate.DESK_DOOR, "logged-out", handler.username)
    return response


# Pages


@gate.page("GET")
def keyring(request: HttpRequest, user: Handler) -> HttpResponse:
    """Who can open new tips, and how many older tips wait to be wrapped for them too."""
    context = frame(user)
    try:
        ring = keyring_now()
        older = Tip.objects.exclude(keyring_serial=ring.serial).count()
        context |= {"keyring": ring, "older": older, "words": word_rows(ring.hash)}
    except KeyringError as fault:
        context["fault"] = keyring_fault_in_words(fault)
    return render(request, "tips/desk/keys.html", context)


@gate.page("GET", "POST", asks_again=True)
def purge_page(request: HttpRequest, user: Handler) -> HttpResponse:
    """What may be purged, what somebody has proposed to purge, and the forms for both."""
    if request.method != "POST":
        return _purge_page(request, user)
    username = user.username
    tip_id, version = (
        asked.as_uuid(request.POST.get("tip")),
        asked.as_number(request.POST.get("version", "")),
    )
    try:
        match request.POST.get("steg"):
            case "propose":
                purge.propose(tip_id, version, username, request.POST.get("decision", "").strip())
                done = "foreslaget"
            case "withdraw":
                purge.withdraw(tip_id, version, username)
                done = "aterkallat"
            case "approve":
                purge.approve(tip_id, version, username, vault_now())
                done = "gallrat"
            case _:
                raise gate.Stop(400, _("What was sent cannot be read."))
    except steps.Refused as refusal:
        gate.note_refused("step-refused", request, user)
        return _purge_page(request, user, fault=str(refusal), about=tip_id, status=400)
    except (steps.Conflict, Tip.DoesNotExist):
        fault = _(
            "Somebody else has changed the tip in the meantime. Nothing has been purged by you."
        )
        return _purge_page(request, user, fault=fault, about=tip_id, status=409)
    return HttpResponseRedirect(f"{reverse('desk:purge')}?klart={done}")


def _purge_page(
    request: HttpRequest,
    user: Handler,
    fault: str = "",
    about: UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    username = user.username.casefold()

    def row(tip: Tip) -> dict[str, Any]:
        is_about = tip.pk == about
        return {
            "tip": tip,
            "reference": reference_of(tip.pk),
            "not_before": first if localdate() < (first := states.purgeable_from(tip)) else None,
            "is_mine": tip.purge_proposed_by.casefold() == username,
            "fault": fault if is_about else "",
            "decision": request.POST.get("decision", "") if is_about else "",
        }

    page = Paginator(purge.due(), TIPS_PER_PAGE).get_page(request.GET.get("sida"))
    done = {
        "foreslaget": _("Proposed. Another handler must approve it before the tip is purged."),
        "aterkallat": _("The proposal is withdrawn."),
        "gallrat": _("The tip is purged. What is left is its number, its day and the decision."),
    }.get(request.GET.get("klart", ""), "")
    context = {
        **frame(user),
        "proposed": [row(tip) for tip in purge.proposed()],
        "due": [row(tip) for tip in page],
        "page": page,
        "decision_hint": register_numbers.DECISION_HINT,
        "fault": fault,
        "done": done,
    }
    return render(request, "tips/desk/purge.html", context, status=status)


class _DayField(forms.DateField):
    """A day that may be left out, written as every browser sends it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
            error_messages={"invalid": gettext_lazy("Write the day as 2026-11-25.")},
            **options,
        )


class PeriodForm(DeskForm):
    """Which days of the register to show."""

    fran = _DayField(label=pgettext_lazy("desk", "From"))
    till = _DayField(label=gettext_lazy("To and with"))

    def period(self) -> tuple[date | None, date | None]:
        return self.cleaned_data.get("fran"), self.cleaned_data.get("till")


@gate.page("GET")
def register_page(request: HttpRequest, user: Handler) -> HttpResponse:
    form = PeriodForm(request.GET)
    is_valid = form.is_valid()
    context = {
        **frame(user),
        "form": form,
        "headings": register.headings(),
        "rows": register.rows(*form.period()) if is_valid else [],
        "query": request.GET.urlencode() if is_valid else "",
    }
    return render(request, "tips/desk/register.html", context, status=200 if is_valid else 400)


@gate.page("GET")
def register_csv(request: HttpRequest, user: Handler) -> HttpResponse:
    form = PeriodForm(request.GET)
    if not form.is_valid():
        raise gate.Stop(400, _("Write the day as 2026-11-25."))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"register-{localdate().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    register.write_csv(register.rows(*form.period()), response)
    note("desk", "exported", user.username, what="register")
    return response


@gate.page("GET")
def event_log(request: HttpRequest, user: Handler) -> HttpResponse:
    """All steps with all tips, the latest first, and whether the event log is whole."""
    page = Paginator(events.newest_first(), EVENTS_PER_PAGE).get_page(request.GET.get("sida"))
    rows: list[dict[str, Any]] = [
        {
            **queue.event_row(event),
            "event": event,
            "reference": "" if event.tip_id == events.NO_TIP else reference_of(event.tip_id),
        }
        for event in page
    ]
    context = {
        **frame(user),
        "page": page,
        "rows": rows,
        "broken": events.verify(),
        "last": events.last_event(),
        "older": events.without_digest(),
    }
    return render(request, "tips/desk/events.html", context)


def frame(user: Handler) -> dict[str, Any]:
    """What every page of the desk has around it."""
    names = (
        "queue", "log_out", "keys", "purge", "register", "events", "texts", "account", "colleagues",
    )  # fmt: skip
    return {
        "user_name": user.name,
        "urls": {name: reverse(f"desk:{name}") for name in names},
    }
