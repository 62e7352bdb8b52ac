"""The forms in which editors write and copy pages."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.timezone import localdate, now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page

from pages.content.tree.addresses import is_taken

_TIMES = ("go_live_at", "expire_at")
# Each page is written in some eighty queries, and until all are nothing else is written.
MOST_COPIED = 30
_TAKEN = _("The website itself uses this address. Choose another.")


class DraftableForm(WagtailAdminModelForm):
    """Takes any times into a draft, such as those at which the page was shown before."""

    def defer_required_fields(self) -> None:
        """A draft may be unfinished; what is saved to be sent is checked as when it is published."""
        if "forward" not in self.data:
            super().defer_required_fields()

    def add_error(self, field: str | None, error: object) -> None:
        is_read = field in _TIMES and field in self.cleaned_data
        if not (is_read and self.is_deferred_validation):
            super().add_error(field, error)


class FinishedForm(DraftableForm):
    """Saves any draft, and sends or publishes only what `refuse_faults` of the model lets pass."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.is_deferred_validation:
            try:
                self.instance.refuse_faults()
                getattr(self.instance, "refuse_untold_change", lambda: None)()
            except ValidationError as error:
                self.add_error(None, error)


class SitePageForm(FinishedForm, WagtailAdminPageForm):
    """A page form with the topics as boxes to tick, in the language of the page."""

    topics: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Topics"),
        help_text=_("Shown under the text and used to find the page. Two or three are enough."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if "topics" in self.fields:
            topic_model = self.instance.page_topics.model._meta.get_field("topic").related_model
            locale_id = self.instance.locale_id or getattr(self.parent_page, "locale_id", None)
            self.fields["topics"].queryset = topic_model.objects.filter(locale_id=locale_id)
            self.initial["topics"] = [row.topic_id for row in self.instance.page_topics.all()]
        if not self.instance.has_unpublished_changes:
            # These fields dated the last version and do not hold for the next.
            self.initial["is_minor_change"] = False
            self.initial["given_changed_on"] = None
            self.initial["change_note"] = ""

    def clean_slug(self) -> str:
        # Left empty by a hand quicker than the script that writes it, it is made of the title.
        slug = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""))
        if is_taken(slug, self.parent_page):
            raise ValidationError(_TAKEN)
        return slug

    def clean_given_changed_on(self) -> date | None:
        day = self.cleaned_data["given_changed_on"]
        if day and day > localdate() and not self.is_deferred_validation:
            raise ValidationError(_("The date cannot be later than today."))
        return day

    def save(self, commit: bool = True) -> Page:
        if "topics" in self.cleaned_data:
            self._choose_topics()
        return super().save(commit=commit)

    def _choose_topics(self) -> None:
        rows = {row.topic_id: row for row in self.instance.page_topics.all()}
        row_model = self.instance.page_topics.model
        self.instance.page_topics = [
            rows.get(topic.pk) or row_model(topic=topic, sort_order=len(rows) + order)
            for order, topic in enumerate(self.cleaned_data["topics"])
        ]


class WrittenPageForm(SitePageForm):
    """A page form that gives a new page a text to write in."""

    def __init__(self, *args: object, **kwargs: Any) -> None:
        page = kwargs["instance"]
        if page.pk is None and not page.body:
            page.body = [("prose", "")]
        super().__init__(*args, **kwargs)


class ArticlePageForm(WrittenPageForm):
    """An article's form: a twin is compared with its page when it is saved without a moment."""

    def clean(self) -> dict[str, object]:
        given = super().clean()
        if given.get("twin_kind") and not given.get("compared_at"):
            given["compared_at"] = now().replace(microsecond=0)
        return given


class SiteCopyForm(CopyForm):
    """Makes drafts only, of not too many pages, and none where the website itself answers."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("alias", "publish_copies"):
            self.fields.pop(name, None)

    def clean(self) -> dict[str, object]:
        given = super().clean()
        parent = given.get("new_parent_page") or self.page.get_parent()
        if is_taken(given.get("new_slug", ""), parent):
            self.add_error("new_slug", _TAKEN)
        refuse_too_many(self, "copy_subpages", self.page)
        return given


def refuse_too_many(form: forms.Form, field: str, page: Page) -> None:
    """Says at the field if it is ticked, and more lies below the page than can be copied at once."""
    if form.cleaned_data.get(field) and page.get_descendants().count() > MOST_COPIED:
        text = gettext("At most %(count)d pages below are copied at once. Take away the tick.")
        form.add_error(field, text % {"count": MOST_COPIED})
