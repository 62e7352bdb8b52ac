"""The forms in which the registrar says which address, when, and which period."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages.content.tree.addresses import address_typed

from .stockholm_time import (
    NoSuchMomentError,
    exact_moment,
    first_of,
    moment_at,
    moment_named,
)

_LONGEST = 2000
_LATELY = timedelta(days=30)


class AddressField(forms.CharField):
    """The path of a page; a whole address, as one copies it, is taken too."""

    def to_python(self, value: object) -> str:
        written = (super().to_python(value) or "").strip()
        host, path = address_typed(written)
        if host:
            text = gettext("%(host)s is another website: the records hold what stood on this one.")
            raise forms.ValidationError(text % {"host": host})
        if not path:
            raise forms.ValidationError(gettext("Write the address as it stands in the browser."))
        return f"/{path.lstrip('/')}" if written else ""


class DayField(forms.DateField):
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")


class AskedForm(forms.Form):
    """An address, and a day and an hour in Stockholm."""

    address = AddressField(
        label=_("Address"),
        max_length=_LONGEST,
        error_messages={"max_length": _("Write the address as it stands in the browser.")},
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    day = DayField(label=_("Date"))
    hour = forms.TimeField(
        label=_("Hour"),
        input_formats=["%H.%M.%S", "%H.%M", "%H:%M:%S", "%H:%M", "%H", "%H%M"],
        error_messages={"invalid": _("Write the hour as 14.05 or 14.05.07.")},
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "size": 8}),
    )

    def clean(self) -> dict[str, object]:
        said: dict[str, Any] = super().clean() or {}
        if "day" in said and "hour" in said:
            try:
                said["moment"] = moment_at(said["day"], said["hour"])
            except (NoSuchMomentError, OverflowError):
                self.add_error(
                    "hour",
                    gettext(
                        "There was no such hour that night: summer time began, and the clocks were put forward."
                    ),
                )
        return said


class DaysForm(forms.Form):
    """Whole days in Stockholm, the first and the last."""

    first = DayField(label=_("From and including"))
    last = DayField(label=_("To and including"))

    def clean(self) -> dict[str, object]:
        said: dict[str, Any] = super().clean() or {}
        if "first" in said and "last" in said:
            if said["last"] < said["first"]:
                self.add_error("last", gettext("The last day comes before the first."))
            elif said["last"] == date.max:
                self.add_error("last", gettext("Choose an earlier day."))
            else:
                said["period"] = period_of(said["first"], said["last"])
        return said


def period_of(first: date, last: date) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last."""
    return first_of(first), first_of(last + timedelta(days=1))


def lately() -> dict[str, object]:
    """The period that a form proposes."""
    return {"first": localdate() - _LATELY, "last": localdate()}


def asked(data: QueryDict) -> dict[str, object]:
    """What the address of our page says, as the form takes it; the exact moment, where it names one."""
    given: dict[str, object] = {
        name: data.get(name) for name in ("address", "day", "hour") if name in data
    }
    if at := moment_named(data.get("moment", "")):
        local = localtime(at)
        given |= {"day": local.date().isoformat(), "hour": local.strftime("%H.%M.%S")}
    return given


def now_asked() -> dict[str, object]:
    local = localtime(timezone.now())
    return {"day": local.date(), "hour": local.strftime("%H.%M")}


def way_back(address: str, moment: datetime) -> dict[str, str]:
    """The query under which the page shows an address at exactly this moment."""
    return {"address": address, "moment": exact_moment(moment)}
