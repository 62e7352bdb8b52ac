"""What the desk's script asks the server. Tips come and go sealed."""

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate, localtime

from tips.handling import acting, events, handlers, notes, outgoing, rewrap, steps
from tips.keeping.present_keyring import keyring_now, refused_keyring
from tips.keeping.vault import vault_now
from tips.models import State, Tip
from tips.router import DATABASE
from tips.sealing import trust_folder
from tips.sealing.keyring import KeyringEntry, KeyringError
from tips.sealing.reference import reference_of
from tips.sealing.statements import LONGEST_STATEMENT, Statement

from . import arrivals_api, asked, gate, presence, queue, sessions
from .queue_asked import is_with_closed, own_entries, place_in

_SMALL = 16 * 1024
_HEADERS = 12 * 1024 * 1024
_LARGEST_HEADER = 64 * 1024
_LONGEST_VALUE = 200
_SIGNED = ("statement", "ed25519", "mldsa65")


@gate.api("GET")
def tips(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """The next tips in the queue: sealed heads, and how far each tip has come."""
    steps.take_in_new()
    presence.now_reads(request, None)
    if "sedan" in request.GET:
        return _what_has_changed(request, user)
    # Before the tips are read: one that comes in between is told of twice rather than never.
    last = events.last_event()
    vault, with_closed = vault_now(), is_with_closed(request)
    after = place_in(request)
    tips, following = queue.lot(after, with_closed=with_closed)
    own = own_entries(request)
    lot = {
        "tips": [queue.about(tip, vault, own) for tip in tips],
        "next": str(following) if following else "",
    }
    return JsonResponse(
        lot
        if after
        else {
            **_how_the_desk_stands(user, with_closed),
            "since": last.seq if last else 0,
            **lot,
        }
    )


@gate.api("GET")
def news(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """The tips that have come in after an event, and the event to go on from."""
    since = asked.as_number(request.GET.get("sedan", ""))
    steps.take_in_new()
    arrived, since = events.arrived_after(since, queue.MOST_TIPS)
    vault, own = vault_now(), own_entries(request)
    tips = [queue.about(tip, vault, own) for tip in queue.among(arrived)]
    shown = request.GET.get("laser")
    presence.now_reads(request, asked.as_uuid(shown) if shown else None)
    readers = presence.other_readers(user.id)
    return JsonResponse({"tips": tips, "since": since, "now": _now(), "readers": readers})


@gate.api("POST")
def opened_tip(request: HttpRequest, user: KeyringEntry, tip_id: UUID) -> HttpResponseBase:
    """A tip's sealed octets, without its files. The log then says who has read it."""
    asked.only(asked.json_body(request, _SMALL))
    tip = steps.open_tip(tip_id, user.id)
    presence.now_reads(request, tip_id)
    vault = vault_now()
    return JsonResponse(
        {
            **_how_it_stands(request, tip),
            "body": queue.sealed_body(vault, tip),
            "attachments": queue.attachments(vault, tip),
            "arrival": arrivals_api.of_tip(tip.pk),
            "readers": presence.other_readers(user.id),
        }
    )


@gate.api("POST")
def take_signed(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """Takes the step that the handler has signed with one tip or many: with all of them, or with none."""
    body = asked.json_body(request, 2 * LONGEST_STATEMENT)
    asked.only(body, *_SIGNED)
    statement = asked.statement(body)
    try:
        tips = acting.act(statement, user, vault_now())
    except acting.Overtaken as overtaken:
        there = Tip.objects.using(DATABASE).filter(pk__in=overtaken.stale)
        stale = {"stale": [str(each) for each in overtaken.stale]}
        answer = {**overtaken.answer, **stale, **_how_they_stand(request, there, statement)}
        return JsonResponse(answer, status=409)
    return JsonResponse(_how_they_stand(request, tips, statement))


@gate.api("POST")
def add_note(request: HttpRequest, user: KeyringEntry, tip_id: UUID) -> HttpResponseBase:
    """Keeps a note that has been signed and sealed in the browser, if none has come before it."""
    body = asked.json_body(request, 2 * notes.LARGEST_NOTE)
    asked.only(body, "id", "place", "sealed", "keyring_serial", *_SIGNED)
    try:
        tip = notes.write_note(
            tip_id,
            asked.statement(body),
            note_id=asked.uuid(body, "id"),
            place=asked.number(body, "place"),
            sealed=asked.octets(body, "sealed", notes.LARGEST_NOTE),
            serial=asked.number(body, "keyring_serial"),
            author=user,
            ring=keyring_now(),
        )
    except (notes.PlaceTaken, acting.Overtaken):
        return JsonResponse(_how_it_stands(request, steps.find(tip_id)), status=409)
    return JsonResponse(_how_it_stands(request, tip))


@gate.api("GET", "POST")
def headers(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """GET lists headers that are not for the present keyring; POST replaces them."""
    if request.method == "POST":
        return _replace_headers(request, user)
    ring = keyring_now()
    # The last one that came, as "tip" or "tip/file". Tips come in the order of their ids, the notes
    # of each in the order they were written.
    last, _slash, name = request.GET.get("efter", "").partition("/")
    after = asked.as_uuid(last) if last else None
    if name.startswith("note:"):
        asked.as_uuid(name.removeprefix("note:"))
    files = [
        {"tip": str(each.tip), "name": each.name, "header": queue.as_text(each.header)}
        for each in rewrap.waiting(ring, vault_now(), after, name, own_entries(request))
    ]
    tips = Tip.objects.using(DATABASE).filter(pk__in={each["tip"] for each in files})
    standing = [queue.how_far(tip) for tip in tips]
    return JsonResponse({"serial": ring.serial, "files": files, "tips": standing})


@gate.open_to_all("GET")
def trust(request: HttpRequest) -> HttpResponseBase:
    """Signers and keyrings as they lie, which all may read: the script checks them itself, from its own roots."""
    if request.GET.get("sett") != "0":  # all that has been is not drawn for strangers
        sessions.session_of(request, keeps_awake=False)
    if "fran" in request.GET:
        first = asked.as_number(request.GET["fran"])
        return JsonResponse({"files": trust_folder.texts_from(settings.TIPS_TRUST_DIR, first)})
    seen = asked.as_number(request.GET.get("sett", ""))
    return JsonResponse({"files": trust_folder.texts_since(settings.TIPS_TRUST_DIR, seen)})


@gate.file("GET")
def attachment(
    request: HttpRequest, user: KeyringEntry, tip_id: UUID, file_id: UUID
) -> HttpResponseBase:
    tip, name = steps.find(tip_id), f"{file_id}.age"
    gate.refuse_unread(tip)
    with ExitStack() as until_it_is_logged:
        try:
            source = until_it_is_logged.enter_context(vault_now().open(tip.pk, name))
        except FileNotFoundError:
            raise Http404 from None
        steps.fetch(tip.pk, user.id, file_id)
        until_it_is_logged.pop_all()  # from here on the response closes it
    return FileResponse(
        source, as_attachment=True, filename=name, content_type="application/octet-stream"
    )


@gate.file("GET")
def sealed_bundle(request: HttpRequest, user: KeyringEntry, tip_id: UUID) -> HttpResponseBase:
    """A tip with its files and notes in one file, all still sealed."""
    gate.refuse_unread(steps.find(tip_id))
    tip = steps.export(tip_id, user.id)
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


def _replace_headers(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    body = asked.json_body(request, _HEADERS)
    asked.only(body, "files", *_SIGNED)
    lot = []
    for each in asked.objects(body, "files", 2 * rewrap.MOST_FILES):
        asked.only(each, "tip", "name", "header")
        lot.append(
            rewrap.Wrapped(
                asked.uuid(each, "tip"),
                asked.text(each, "name", _LONGEST_VALUE),
                asked.octets(each, "header", _LARGEST_HEADER),
            )
        )
    ring, vault = keyring_now(), vault_now()
    rewrap.replace(ring, asked.statement(body), vault, lot, user)
    return JsonResponse({"left": rewrap.left(ring, vault)})


def _what_has_changed(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """What an event that the queue was shown at does not know: tips as they are now, and gone ones."""
    since, with_closed = asked.as_number(request.GET["sedan"]), is_with_closed(request)
    changed, until, is_all = events.changed_after(since, queue.MOST_TIPS)
    vault, own = vault_now(), own_entries(request)
    tips = queue.among(changed, with_closed=with_closed)
    gone = set(changed).difference(tip.pk for tip in tips)
    stands = _how_the_desk_stands(user, with_closed)
    return JsonResponse(
        {
            **stands,
            "keyring": _keyring(),
            "tips": [queue.about(tip, vault, own) for tip in tips],
            "gone": sorted(map(str, gone)),
            "since": until,
            "is_all": is_all,
        }
    )


def _how_the_desk_stands(user: KeyringEntry, with_closed: bool) -> dict[str, object]:
    """What the script needs once, with the first part of the queue."""
    return {
        "user": user.id,
        "now": _now(),
        "keyring": _keyring(),
        "alarm": {
            "urgent_hours": queue.URGENT_HOURS,
            "normal_hours": queue.NORMAL_HOURS,
            "overdue": queue.overdue(localdate()),
        },
        "states": [state.value for state in State if state != State.PURGED],
        "with_many": queue.steps_with_many(),
        "closed": list(queue.CLOSED),
        "in_queue": queue.length(with_closed=with_closed),
        "readers": presence.other_readers(user.id),
    }


def _now() -> str:
    return localtime().isoformat(timespec="minutes")


def _how_they_stand(
    request: HttpRequest, tips: Iterable[Tip], statement: Statement
) -> dict[str, object]:
    """The tips as they are now; of the only one that the statement is about, all that is shown of it."""
    rows = [queue.how_far(tip) for tip in tips]
    if len(statement.tips) > 1:
        return {"tips": rows}
    [tip_id] = statement.tips
    if not rows:
        return {"tips": [], "tip": None, "events": queue.history_of(tip_id), "steps": []}
    return {"tips": rows, **_how_it_stands(request, steps.find(tip_id))}


def _how_it_stands(request: HttpRequest, tip: Tip) -> dict[str, object]:
    """The tip, its history and notes, what was signed of it, and what may be done next."""
    return {
        "tip": queue.about(tip, vault_now(), own_entries(request)),
        "events": queue.history_of(tip.pk),
        "statements": queue.statements_on(tip.pk),
        "notes": queue.notes_on(tip),
        "steps": queue.steps_with(tip, [(each.id, each.name) for each in handlers.all_handlers()]),
    }


def _keyring() -> dict[str, object]:
    try:
        ring = keyring_now()
    except KeyringError as fault:
        return {"serial": 0, "hash": "", "fault": refused_keyring(fault).answer}
    return {"serial": ring.serial, "hash": ring.hash}
