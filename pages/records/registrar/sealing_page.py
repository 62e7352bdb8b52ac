"""The page on which a registrar seals a record for secrecy, at once."""

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from pages.newsroom.acting import SignedInRequest
from pages.newsroom.reasons import said_in_words, too_short
from pages.records.kept import Records, Rendering
from pages.records.lookup import Standing

from .around import records_page
from .coming_in import keeps_records
from .exports import throw_away_exports_with
from .shown_record import Shown, at_address, shown_at
from .stockholm_time import moment_named
from .two_to_weed import signature_of

THIS, ALL = "this", "all"


class SealForm(forms.Form):
    reason = forms.CharField(
        label=_("Why, and under which provision?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": lazy(too_short, str)()},
    )
    which = forms.ChoiceField(
        label=_("What is sealed"),
        widget=forms.RadioSelect,
        initial=THIS,
        choices=[(THIS, _("This version")), (ALL, _("Every version of the address"))],
    )

    def clean_reason(self) -> str:
        return said_in_words(self.cleaned_data["reason"])


@keeps_records
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sealing_page(request: SignedInRequest) -> HttpResponse:
    """The password has been asked for again before."""
    shown, rendering = what_is_named(request)
    if not shown.may_be_sealed:
        return redirect(at_address(shown.address, shown.moment))
    form = SealForm(request.POST or None)
    if form.is_valid():
        try:
            count = _seal(request.user, rendering, **form.cleaned_data)
        except OSError:
            form.add_error(None, not_written())
    if form.is_valid():
        messages.success(
            request,
            ngettext(
                "%(count)d record is sealed. Nobody can see it here any more.",
                "%(count)d records are sealed. Nobody can see them here any more.",
                count,
            )
            % {"count": count},
        )
        return redirect(at_address(shown.address, shown.moment))
    context = {"shown": shown, "form": form, "errors": form.non_field_errors()}
    return records_page(request, "seal", context, 422 if form.errors else 200)


def what_is_named(request: HttpRequest) -> tuple[Shown, Rendering]:
    """The record that the address of the page names; 404 if there is none."""
    moment = moment_named(request.GET.get("moment", ""))
    shown = shown_at(request.GET.get("address", ""), moment) if moment else None
    if shown is None or shown.rendering is None:
        raise Http404
    return shown, shown.rendering


def not_written() -> str:
    """What to do where the disk of the records takes nothing."""
    return gettext(
        "Nothing could be written: the disk of the records is full, or is not there. "
        "Call whoever runs the server, and try again."
    )


def _seal(user: User, rendering: Rendering, *, reason: str, which: str) -> int:
    records = Records()
    chosen = _all_of(records, rendering) if which == ALL else [rendering]
    chosen = [each for each in chosen if each.standing in (Standing.KEPT, Standing.UNSURE)]
    try:
        for each in chosen:
            records.seal(each.address, each.since, by=signature_of(user), reason=reason)
    finally:
        throw_away_exports_with(chosen)
    return len(chosen)


def _all_of(records: Records, rendering: Rendering) -> list[Rendering]:
    found = [rendering]
    while older := records.older(found[0]):
        found.insert(0, older)
    while newer := records.newer(found[-1]):
        found.append(newer)
    return found
