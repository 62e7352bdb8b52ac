"""The base class of every page type."""

import json
from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core import checks
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

from pages.content.publishing.dating import date_of_change, goes_out_at, on_day
from pages.content.publishing.finished import refuse_unfinished
from pages.content.publishing.page_rights import LockedMixin, PageRights
from pages.content.references.shelves import listed_children_of
from pages.content.tree.addresses import address_of, is_taken, prefix_of
from pages.content.tree.listed import ListedPage
from pages.ground.json_types import JsonObject
from pages.ground.models import ContentVersion

from .overwriting import AutosavedMixin
from .page_form import SiteCopyForm, SitePageForm
from .search_kind import SearchKind
from .topics import PageTopic, Topic
from .upkeep import Upkeep

# Wagtail takes these from the page; unless they are left out, it asks for the row of each as well.
_OF_THE_PAGE = {"alias_of", "content_type", "latest_revision", "locale", "locked_by", "owner"}
_CHANGE_IS_TOLD = _("Readers act on this page: write what has changed, or call it minor.")


class BasePage(AutosavedMixin, LockedMixin, Page):
    """A page with a lead, topics, the date of its last change, and texts for lists."""

    lead = models.TextField(
        _("Lead"),
        max_length=600,
        blank=True,
        help_text=_("Two or three sentences that answer the reader's question at once."),
    )
    listing_text = models.CharField(
        _("Text in listings"),
        max_length=200,
        blank=True,
        help_text=_("A few words under the title in lists of pages. The lead when left empty."),
    )
    changed_on = models.DateField(_("Last changed"), null=True, blank=True, editable=False)
    change_note = models.CharField(
        _("What has changed"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("One sentence for readers, beside the date. It holds for this change alone."),
    )
    is_minor_change = models.BooleanField(
        _("Minor change (does not change the date)"),
        default=False,
        help_text=_("For corrected spelling and the like: what the page says is the same."),
    )
    given_changed_on = models.DateField(
        _("Give the date of the last change yourself"),
        null=True,
        blank=True,
        help_text=_(
            "Only for pages moved from elsewhere. Left empty, the date is today's when you publish."
        ),
    )

    # The kinds of content that a change of the page changes (`pages.ground.version.memory`).
    version_kinds: tuple[str, ...] = ("page",)
    schema_type = "WebPage"
    read_again_after = 12  # months
    # Whether the pages of its section stand beside it, each of them in the order of the tree.
    has_section_menu = False
    # The fields with the date and the kind that it stands under in lists.
    date_field = "changed_on"
    kind_field = ""

    base_form_class = SitePageForm
    copy_form_class = SiteCopyForm
    # Lists, search and sitemap would still show a page that is protected by a password or login:
    # what is not for everyone does not belong in this CMS.
    private_page_options: list[str] = []
    exclude_fields_in_copy = ["changed_on", "change_note", "is_minor_change", "given_changed_on"]

    topics_panel = FieldPanel("topics")
    dating_panel = MultiFieldPanel(
        ["change_note", "is_minor_change", "given_changed_on"], heading=_("Last changed")
    )
    content_panels = [*Page.content_panels, "lead"]
    promote_panels = [
        MultiFieldPanel(
            [
                "slug",
                "seo_title",
                FieldPanel(
                    "search_description",
                    help_text=_("One sentence of 80 to 155 characters, shown by search engines."),
                ),
                "listing_text",
            ],
            heading=_("In search engines and lists"),
        ),
        MultiFieldPanel(["show_in_menus"], heading=_("Menu")),
    ]

    search_auto_update = False  # `pages.search` updates the index

    class Meta:
        abstract = True

    @classmethod
    def check(cls, **kwargs: object) -> list[checks.CheckMessage]:
        """Refuses a page type with another form, which would lose the topics when it saves."""
        found = super().check(**kwargs)
        if not issubclass(cls.base_form_class, SitePageForm):
            text = f"{cls.__name__}.base_form_class must be a SitePageForm."
            found.append(checks.Error(text, obj=cls, id="pages.E001"))
        return found

    @property
    def search_kind(self) -> SearchKind:
        return SearchKind.ARTICLES

    @property
    def listing_summary(self) -> str:
        """The text under the page's title in lists."""
        return self.listing_text or self.lead

    @property
    def listed_on(self) -> date | None:
        """The date that it stands under in lists."""
        return getattr(self, self.date_field)

    @property
    def has_own_date(self) -> bool:
        return self.date_field != "changed_on"

    @property
    def listed_at(self) -> datetime | None:
        """The moment on that date; None for a date on which it was not published here."""
        return (
            on_day(self.listed_on, self.first_published_at)
            if self.has_own_date
            else self.changed_at
        )

    @property
    def changed_at(self) -> datetime | None:
        """The moment of the last change, likewise."""
        return on_day(self.changed_on, self.last_published_at)

    @property
    def published_time(self) -> str:
        """For programs: when a page with a date of its own was published, to the second if known."""
        if not self.has_own_date or self.listed_on is None:
            return ""
        at = self.listed_at
        return at.isoformat(timespec="seconds") if at else self.listed_on.isoformat()

    @property
    def listed_kind(self) -> str:
        return getattr(self, self.kind_field) if self.kind_field else ""

    def save(self, *args: object, **kwargs: object) -> None:
        super().save(*args, **kwargs)
        if kwargs.get("update_fields") is None:
            PageTopic.list_page(self)

    @cached_property
    def topics(self) -> list[Topic]:
        """The page's topics that readers meet, in the order the editor gave them."""
        if "topic_keys" in vars(self):  # fetched by `pages.public.reading.finding`
            known = Topic.by_key()
            return [known[key] for key in PageTopic.in_order(self.topic_keys) if key in known]
        rows = self.page_topics.all()
        if isinstance(rows, models.QuerySet):
            rows = rows.select_related("topic__locale")
        return [row.topic for row in rows if row.topic.live]

    @cached_property
    def read_on(self) -> date | None:
        """The day on which somebody found the page right; fetched by `pages.public.reading.finding`."""
        return Upkeep.objects.filter(page=self.pk).values_list("read_on", flat=True).first()

    def pages_in_section(self, path: str) -> list[ListedPage]:
        """The live pages of its section, which lies at this tree path, as its menu shows them."""
        return listed_children_of(path) if self.has_section_menu else []

    def search_parts(self) -> list[str]:
        """The texts of the page's stream fields, one string for each part of the page."""
        return [
            part
            for field in self._meta.get_fields()
            if isinstance(field, StreamField)
            for part in field.get_searchable_content(getattr(self, field.name))
        ]

    def search_text(self) -> str:
        """The text of the page below its lead, for the search; one line for each part."""
        parts = (" ".join(part.split()) for part in self.search_parts())
        return "\n".join(part for part in parts if part)

    def can_move_to(self, parent: Page) -> bool:
        """Refuses places where the website itself answers, also for the slug of a draft."""
        slugs = {self.slug, self.latest_revision.content["slug"] if self.latest_revision else ""}
        return super().can_move_to(parent) and not any(is_taken(slug, parent) for slug in slugs)

    def permissions_for_user(self, user: AbstractBaseUser | AnonymousUser) -> PageRights:
        return PageRights(user, self)

    @property
    def url(self) -> str | None:
        return address_of(self.url_path)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        # Wagtail's own method makes a query for the locale of every page.
        for site_id, root_path, root_url, language in self._get_relevant_site_root_paths(request):
            return site_id, root_url, f"{prefix_of(language)}/{self.url_path[len(root_path) :]}"
        return None

    def publish(
        self, revision: Revision, user: AbstractBaseUser | None = None, **options: object
    ) -> None:
        if user is not None:  # somebody who can be told; a scheduled page was checked before
            refuse_unfinished(revision.as_object())
        with transaction.atomic():
            ContentVersion.hold()
            # The version stays as it was confirmed: it takes the date from the page, which is about to be saved.
            self.changed_on = revision.content_object.changed_on = self._date_of(revision)
            super().publish(revision, user=user, **options)

    def _date_of(self, revision: Revision) -> date | None:
        """The date with which it is published."""
        revision.refresh_from_db(fields=["content"])  # as stored, with dates as texts
        if (goes_out_at(revision.content) or timezone.now()) > timezone.now():
            return self._as_stored().changed_on  # the page gets its date on the day it goes live
        return self.date_after(revision.content)

    def date_after(self, content: JsonObject) -> date:
        """The date that readers will see once this content of a version is public."""
        stored = self._as_stored()
        last = stored.live_revision or stored._last_published_revision()
        return date_of_change(
            published=last and last.content, now=content, changed_on=stored.changed_on
        )

    def _as_stored(self) -> "BasePage":
        return type(self)._base_manager.filter(pk=self.pk).select_related("live_revision").get()

    def refuse_faults(self) -> None:
        """Raises ValidationError with what keeps the page from being published: by itself, nothing."""

    def refuse_untold_change(self) -> None:
        """Raises ValidationError for an untold change of what people act on: it is read each quarter.

        Asked of who sends alone: how often it is read may be changed by one person meanwhile.
        """
        if self.change_note or self.changed_on is None:
            return
        months = Upkeep.objects.filter(page=self.pk).values_list("months", flat=True).first()
        is_acted_on = (months or self.read_again_after) <= 3
        if is_acted_on and self.date_after(json.loads(self.to_json())) != self.changed_on:
            raise ValidationError({"change_note": _CHANGE_IS_TOLD})

    def _last_published_revision(self) -> Revision | None:
        """The last version that readers saw of a page that is withdrawn now."""
        if self.last_published_at is None:
            return None
        earlier = self.revisions.filter(created_at__lte=self.last_published_at)
        return earlier.order_by("-created_at", "-pk").first()

    def with_content_json(self, content: JsonObject) -> "BasePage":
        said = {k: v for k, v in content.items() if k not in _OF_THE_PAGE}
        page = super().with_content_json(said)
        if not self.alias_of_id:
            # The date belongs to the published page, not to a draft that may be older.
            page.changed_on = self.changed_on
        return page


class OnceInEachLanguage(BasePage):
    """A page of which there is one at most in each language."""

    class Meta:
        abstract = True

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        return (
            super().can_create_at(parent)
            and not cls.objects.filter(locale_id=parent.locale_id).exists()
        )
