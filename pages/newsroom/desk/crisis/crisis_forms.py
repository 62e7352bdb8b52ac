"""What is asked in Krisläge, in few fields that a thumb can fill in."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from pages.content.blocks.advice import ThreatLevel
from pages.content.models import Alert, MessageType
from pages.content.models.alert import LONGEST_TEXT
from pages.newsroom.models import CrisisDraft, PreparedMessage
from pages.newsroom.sending_together import can_be_sent_together

# Heading of a group of fields -> their names.
Groups: TypeAlias = dict[Any, tuple[str, ...]]
MESSAGE, LEVEL, NEWS, PAGES = "message", "level", "news", "pages"
_MOST_DRAFTS = 15
_MINUTE = "%Y-%m-%dT%H:%M"


class ChooseForm(forms.Form):
    """Step 2: what goes out together."""

    what = forms.MultipleChoiceField(
        label=_("Tick all that goes out together"),
        choices=[
            (MESSAGE, _("Important message")),
            (LEVEL, _("Threat level")),
            (NEWS, _("News item")),
            (PAGES, _("Page")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing.")},
    )
    prepared = forms.ModelChoiceField(
        PreparedMessage.objects.none(),
        label=_("Prepared message"),
        required=False,
        empty_label=pgettext_lazy("prepared message", "None"),
        help_text=_("Its words stand in the next step, and you can change them there."),
    )
    pages = forms.MultipleChoiceField(
        label=_("Drafts that go out at the same time"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, draft: CrisisDraft, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        is_over = draft.message_type == MessageType.ALL_CLEAR
        fields: Any = self.fields
        fields["prepared"].queryset = PreparedMessage.objects.filter(is_all_clear=is_over)
        fields["pages"].choices = [
            (str(each.pk), f"{each.get_admin_display_title()} ({each.locale.language_code})")
            for each in _drafts_for(user)
        ]
        if not fields["pages"].choices:
            fields["pages"].help_text = gettext("There are no drafts of new pages.")

    def clean_what(self) -> list[str]:
        what = list(self.cleaned_data["what"])
        return what if self.draft.follows_id is None or MESSAGE in what else [MESSAGE, *what]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if PAGES in cleaned.get("what", ()) and not cleaned.get("pages"):
            self.add_error("pages", gettext("Choose at least one page, or take the tick away."))
        return cleaned


def _drafts_for(user: User) -> Iterator[Page]:
    """The pages that were written last and that readers have not met."""
    latest = Page.objects.filter(live=False, latest_revision__isnull=False, depth__gt=1)
    latest = latest.select_related("locale", "latest_revision").specific()
    for page in latest.order_by("-latest_revision_created_at")[:_MOST_DRAFTS]:
        if can_be_sent_together(page, user):
            yield page


def _words(label: Any, longest: int, rows: int = 0, **options: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=longest, widget=widget, **options)


def _moment(label: Any, help_text: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format=_MINUTE)
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=widget,
        help_text=help_text,
        error_messages={"invalid": _("Write day and hour, or leave it empty.")},
    )


class WriteForm(forms.Form):
    """Step 3: the words of all that goes out."""

    level = forms.ChoiceField(
        label=_("How serious?"), choices=Alert.Level.choices, widget=forms.RadioSelect
    )
    what_was_wrong = _words(_("What was wrong"), LONGEST_TEXT, rows=2)
    heading = _words(_("Heading"), 120)
    text = _words(_("Text"), LONGEST_TEXT, rows=5, required=False)
    what_was_wrong_in_english = _words(_("What was wrong, in English"), LONGEST_TEXT, rows=2)
    heading_in_english = _words(_("Heading in English"), 120)
    text_in_english = _words(_("Text in English"), LONGEST_TEXT, rows=5, required=False)
    starts_at = _moment(_("Shown from"), _("At once when left empty."))
    ends_at = _moment(_("Shown until"), _("Until further notice when left empty."))
    threat_level = forms.TypedChoiceField(
        label=_("Level"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[(each, format_lazy("{} – {}", each, name)) for each, name in ThreatLevel.choices],
    )
    decided_by = _words(_("Decided by"), 120)
    decided_at = _moment(_("Counts from"), _("At once when left empty."))
    level_text = _words(_("The decision in Swedish"), LONGEST_TEXT, rows=4)
    level_text_in_english = _words(_("The decision in English"), LONGEST_TEXT, rows=4)
    news_title = _words(_("Title"), 120)
    news_lead = _words(_("Lead"), 400, rows=3)
    news_text = _words(_("Text"), 10_000, rows=8, required=False)

    OF_MESSAGE: Groups = {
        _("Both languages"): ("level",),
        _("Swedish"): ("what_was_wrong", "heading", "text"),
        _("English"): ("what_was_wrong_in_english", "heading_in_english", "text_in_english"),
        _("Time"): ("starts_at", "ends_at"),
    }
    OF_LEVEL: Groups = {
        _("Threat level"): (
            "threat_level",
            "decided_by",
            "decided_at",
            "level_text",
            "level_text_in_english",
        )
    }
    OF_NEWS: Groups = {_("News item"): ("news_title", "news_lead", "news_text")}

    def __init__(self, *args: Any, draft: CrisisDraft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if draft.message_type != MessageType.CORRECTION:
            del self.fields["what_was_wrong"], self.fields["what_was_wrong_in_english"]
        asked = {MESSAGE: self.OF_MESSAGE, LEVEL: self.OF_LEVEL, NEWS: self.OF_NEWS}
        self._groups = [
            group
            for what, groups in asked.items()
            if what in draft.what
            for group in groups.items()
        ]
        kept = {name for _heading, names in self._groups for name in names}
        for name in self.fields.keys() - kept:
            del self.fields[name]
        for name in filter(lambda name: name.endswith("_in_english"), self.fields):
            self.fields[name].widget.attrs["lang"] = "en"

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in self._groups
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("starts_at") or timezone.now(), cleaned.get("ends_at")
        if ends and ends <= begins:
            self.add_error("ends_at", gettext("The message must end after it starts."))
        if "text" in self.fields and bool(cleaned.get("text")) != bool(
            cleaned.get("text_in_english")
        ):
            missing = "text" if cleaned.get("text_in_english") else "text_in_english"
            self.add_error(missing, gettext("Write the text in both languages, or in none."))
        return cleaned


class AskForm(forms.Form):
    """Step 5: who is to approve."""

    asked = forms.ChoiceField(label=_("Who approves?"), widget=forms.RadioSelect, required=False)
    note = _words(_("Message to whoever approves"), 500, rows=2, required=False)


def tomorrow_at_noon() -> str:
    """Until then it is said that the danger is over, unless somebody chooses otherwise."""
    day = timezone.localdate() + timedelta(days=1)
    return datetime.combine(day, time(12)).strftime(_MINUTE)
