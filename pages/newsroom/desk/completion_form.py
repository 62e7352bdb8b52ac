"""What an imported draft lacks before it can be published, to be filled in at once."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages.content.models import BasePage, PageTopic, Topic
from pages.importing.completeness import MAX_ALT_TEXT

from .people_form import PeopleForm, is_to_be_asked


class CompletionForm(forms.Form):
    """Asks for the lead, text alternatives and captions that are missing, and for the topics.

    All that may be left for later: the draft is saved with what is there. Whether a picture shows people
    is to be answered, as at every upload.
    """

    def __init__(self, *args: Any, page: BasePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.fields["topics"] = _topics_in(page.locale_id)
        self.initial["topics"] = [row.topic_id for row in page.page_topics.all()]
        if not page.lead:
            field = page._meta.get_field("lead").formfield(widget=forms.Textarea({"rows": 3}))
            field.required = False
            self.fields["lead"] = field
        self.pictures = list(_without_alt_text(page))
        self.tables = list(_without_caption(page))
        self.people = {block.id: self._people_form(block) for block in self._unanswered()}
        for block in self.pictures:
            self.fields[f"alt_text-{block.id}"] = forms.CharField(
                label=_("Text alternative"),
                max_length=MAX_ALT_TEXT,
                required=False,
                widget=forms.Textarea({"rows": 2}),
                help_text=_("What a person who does not see the image needs to know."),
            )
            self.fields[f"decorative-{block.id}"] = forms.BooleanField(
                label=_("Decorative: says nothing that the text does not say"), required=False
            )
        for block in self.tables:
            self.fields[f"caption-{block.id}"] = forms.CharField(
                label=_("Table caption"),
                required=False,
                help_text=_("What the table shows, in a few words."),
            )

    def _unanswered(self) -> Iterator[Any]:
        """A picture for each file of which nobody has said whether it shows people."""
        asked = set()
        for block in _figures(self.page):
            image = block.value["image"]
            if image.pk not in asked and is_to_be_asked(image, self.page):
                asked.add(image.pk)
                yield block

    def _people_form(self, block: Any) -> PeopleForm:
        given = self.data if self.is_bound else None
        return PeopleForm(given, prefix=f"people-{block.id}", instance=block.value["image"])

    def is_valid(self) -> bool:
        answered = [form.is_valid() for form in self.people.values()]
        return super().is_valid() and all(answered)

    def of_pictures(self) -> Iterator[dict[str, Any]]:
        """Each picture with its fields, as the template shows them."""
        asked = [
            each for each in _figures(self.page) if each in self.pictures or each.id in self.people
        ]
        for number, block in enumerate(asked, 1):
            names = (f"alt_text-{block.id}", f"decorative-{block.id}")
            people = self.people.get(block.id)
            yield {
                "title": gettext("Image %(number)d") % {"number": number},
                "caption": block.value.caption_text,
                "image": block.value["image"],
                "fields": [self[name] for name in names if name in self.fields]
                + list(people or ()),
            }

    def of_tables(self) -> Iterator[dict[str, Any]]:
        for number, block in enumerate(self.tables, 1):
            yield {
                "title": gettext("Table %(number)d") % {"number": number},
                "beginning": " | ".join(filter(None, block.value["data"][0])),
                "caption": self[f"caption-{block.id}"],
            }

    def complete(self) -> None:
        """Puts what was filled in into the page, which is not stored."""
        given = self.cleaned_data
        self.page.lead = given.get("lead") or self.page.lead
        for block in self.pictures:
            image = block.value["image"]
            image.decorative = given[f"decorative-{block.id}"]
            image.contextual_alt_text = "" if image.decorative else given[f"alt_text-{block.id}"]
        for form in self.people.values():
            form.save()
        for block in self.tables:
            block.value["table_caption"] = given[f"caption-{block.id}"]
        self.page.page_topics = [
            PageTopic(topic=topic, sort_order=order) for order, topic in enumerate(given["topics"])
        ]


def _topics_in(locale: int) -> forms.Field:
    return forms.ModelMultipleChoiceField(
        queryset=Topic.objects.public().filter(locale_id=locale),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Topics"),
        help_text=_("Shown under the text and used to find the page. Two or three are enough."),
    )


def _blocks(page: BasePage) -> Iterator[Any]:
    yield from getattr(page, "image", ())
    yield from page.body


def _figures(page: BasePage) -> Iterator[Any]:
    """The blocks with a picture that is there."""
    for block in _blocks(page):
        if block.block_type == "figure" and block.value["image"] is not None:
            yield block


def _without_alt_text(page: BasePage) -> Iterator[Any]:
    for block in _figures(page):
        image = block.value["image"]
        if not (image.decorative or image.contextual_alt_text):
            yield block


def _without_caption(page: BasePage) -> Iterator[Any]:
    for block in _blocks(page):
        if block.block_type == "table" and not block.value.get("table_caption"):
            yield block
