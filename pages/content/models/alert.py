"""Important messages above the header of every page, in both languages at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from pages.content.references.shelves import listed_page_with
from pages.content.tree.listed import ListedPage
from pages.ground.version.memory import remembered

from .register import RegisterRows
from .settings import FrameSetting

# So that a message can be read at a glance, also above the tip form.
LONGEST_TEXT = 600
ENGLISH = "en"
_NOT_OUT = _("The message that it takes the place of is not out any more.")


class MessageType(models.TextChoices):
    """What a message is beside the one that it follows."""

    NEW = "", pgettext_lazy("message", "New")
    UPDATE = "update", pgettext_lazy("message", "Update")
    CORRECTION = "correction", pgettext_lazy("message", "Correction")
    ALL_CLEAR = "all_clear", pgettext_lazy("message", "The danger is over")


@dataclass(frozen=True)
class ShownAlert:
    """A message as readers of one language meet it, and from when until when."""

    key: int
    level: str
    message_type: str
    heading: str
    text: str
    what_was_wrong: str
    said_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    language: str
    # The page with more to read, in the language in which the message was written.
    page_key: int | None = None
    is_page_own: bool = True

    @property
    def label(self) -> str:
        """What stands above the heading: readers see that something was changed or corrected."""
        if self.message_type == MessageType.UPDATE:
            return gettext("Important message, updated")
        if self.message_type == MessageType.CORRECTION:
            return gettext("Important message, corrected")
        return gettext("Important message")

    @property
    def linked_page(self) -> ListedPage | None:
        key = self.page_key
        if key and not self.is_page_own:
            key = remembered(
                f"page {key} in {self.language}",
                ("page",),
                lambda: _translation_of(self.page_key, self.language),
            )
        return listed_page_with(key) if key else None

    def is_shown_at(self, moment: datetime) -> bool:
        return self.starts_at <= moment and (self.ends_at is None or self.ends_at > moment)


def _translation_of(key: int | None, language: str) -> int | None:
    here = Page.objects.live().filter(locale__language_code=language)
    same = here.filter(translation_key__in=Page.objects.filter(pk=key).values("translation_key"))
    return same.values_list("pk", flat=True).first()


class AlertQuerySet(RegisterRows):
    def out(self) -> "AlertQuerySet":
        """Public messages, each with the moment at which another takes its place: `replaced_at`."""
        public = models.Q(followers__live=True)
        return (
            self.public()
            .annotate(replaced_at=models.Min("followers__starts_at", filter=public))
            .select_related("locale")
        )

    def shown_in(self, language: str) -> list[ShownAlert]:
        """Those that have words in the language, as its readers meet them; the latest first."""
        found = (alert.shown_in(language) for alert in self.out())
        return [each for each in found if each is not None]


class Alert(FrameSetting):
    """An important message above the header of every page, shown for some time.

    A new one is written in Swedish, with the same in English beside it: both go out as one. What
    takes the place of a message is a message of its own, which follows it.
    """

    fixed_kind = "alert"
    preview_modes = [("", _("Swedish")), (ENGLISH, _("English"))]

    class Level(models.TextChoices):
        INFORMATION = "information", _("Information")
        WARNING = "warning", _("Warning")
        DANGER = "danger", _("Danger")

    level = models.CharField(
        _("Level"), max_length=12, choices=Level.choices, default=Level.INFORMATION
    )
    heading = models.CharField(_("Heading"), max_length=120)
    text = models.TextField(_("Text"), blank=True)
    heading_in_english = models.CharField(
        _("Heading in English"), max_length=120, blank=True, default="", db_default=""
    )
    text_in_english = models.TextField(_("Text in English"), blank=True, default="", db_default="")
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Page with more to read"),
    )
    starts_at = models.DateTimeField(_("Shown from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("Shown until"), null=True, blank=True, help_text=_("Until it is removed when left empty.")
    )
    message_type = models.CharField(
        _("Kind of message"),
        max_length=12,
        choices=MessageType.choices,
        blank=True,
        default=MessageType.NEW,
        db_default=MessageType.NEW,
    )
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followers",
        verbose_name=_("Takes the place of"),
    )
    what_was_wrong = models.TextField(_("What was wrong"), blank=True, default="", db_default="")
    what_was_wrong_in_english = models.TextField(
        _("What was wrong, in English"), blank=True, default="", db_default=""
    )

    preview_as = "alert"
    panels = [
        "level",
        MultiFieldPanel(["heading", "text"], heading=_("Swedish")),
        MultiFieldPanel(["heading_in_english", "text_in_english"], heading=_("English")),
        FieldPanel("page"),
        MultiFieldPanel(["starts_at", "ends_at"], heading=_("Time")),
        FieldPanel("message_type", read_only=True),
        FieldPanel("follows", read_only=True),
        FieldPanel("what_was_wrong", read_only=True),
        FieldPanel("what_was_wrong_in_english", read_only=True),
    ]

    objects: ClassVar[object] = AlertQuerySet.as_manager()

    class Meta(FrameSetting.Meta):
        ordering = ["-starts_at"]
        verbose_name = _("important message")
        verbose_name_plural = _("important messages")
        constraints = [
            models.UniqueConstraint(
                fields=["follows"],
                condition=models.Q(live=True),
                name="one_message_takes_the_place_of_another",
                violation_error_message=_NOT_OUT,
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def linked_page(self) -> ListedPage | None:
        return listed_page_with(self.page_id) if self.page_id else None

    @property
    def identifier(self) -> str:
        """A name for machines, which the message keeps for ever; another message has another."""
        return f"message-{self.pk}"

    def earlier(self) -> list["Alert"]:
        """The public messages whose place this one took, the latest first."""
        found, former = [], self.follows
        while former is not None:
            found.append(former)
            former = former.follows
        return [each for each in found if each.live]

    @property
    def said_at(self) -> datetime:
        """The hour that readers are shown: when it began, or was last put out if that was later."""
        latest = max(filter(None, (self.starts_at, self.last_published_at)))
        return latest.replace(microsecond=0)  # HTML knows three digits at most

    @property
    def shown_type(self) -> str:
        """As an update also where the words were changed in the same message: readers see that."""
        is_changed = bool(
            self.first_published_at
            and self.last_published_at
            and self.last_published_at > self.first_published_at
        )
        if is_changed and self.message_type == MessageType.NEW:
            return MessageType.UPDATE.value
        return str(self.message_type)

    @property
    def is_out(self) -> bool:
        """Whether readers meet it now, or will: it has not ended, and nothing has taken its place."""
        now = timezone.now()
        ends = (self.ends_at, getattr(self, "replaced_at", None))
        return self.live and not any(at and at <= now for at in ends)

    def shown_in(self, language: str) -> ShownAlert | None:
        """The message as readers of the language meet it; None if it says nothing in that language."""
        is_own = self.locale.language_code == language
        heading = self.heading if is_own else self.heading_in_english
        if not heading or not (is_own or language == ENGLISH):
            return None
        ends = filter(None, (self.ends_at, getattr(self, "replaced_at", None)))
        return ShownAlert(
            key=self.pk,
            level=self.level,
            message_type=self.shown_type,
            heading=heading,
            text=self.text if is_own else self.text_in_english,
            what_was_wrong=self.what_was_wrong if is_own else self.what_was_wrong_in_english,
            said_at=self.said_at,
            starts_at=self.starts_at,
            ends_at=min(ends, default=None),
            language=language,
            page_key=self.page_id,
            is_page_own=is_own,
        )

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, object]:
        context = super().get_preview_context(request, mode_name)
        return context | {"previewed_alert": self.shown_in(self.preview_language(mode_name))}

    def preview_language(self, mode_name: str) -> str:
        return mode_name or super().preview_language(mode_name)

    def clean(self) -> None:
        super().clean()
        for name in ("starts_at", "ends_at"):
            # To the minute, as it is written and said.
            if at := getattr(self, name):
                setattr(self, name, at.replace(second=0, microsecond=0))

    def refuse_faults(self) -> None:
        """Raises a ValidationError with what keeps the message from going out."""
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The message must end after it starts.")})
        self._refuse_one_language()
        for name in ("text", "text_in_english", "what_was_wrong", "what_was_wrong_in_english"):
            if len(getattr(self, name)) > LONGEST_TEXT and not self.was_public:
                text = gettext("Shorten the text to at most %(limit)d characters.")
                raise ValidationError({name: text % {"limit": LONGEST_TEXT}})
        if self.message_type != MessageType.NEW or self.follows is not None:
            self._refuse_to_follow(self.follows)
        if self.message_type == MessageType.CORRECTION:
            for name in ("what_was_wrong", "what_was_wrong_in_english"):
                if not getattr(self, name).strip():
                    raise ValidationError(
                        {name: _("Say what was wrong, in Swedish and in English.")}
                    )

    def _refuse_one_language(self) -> None:
        if self.locale.language_code != settings.LANGUAGE_CODE:
            raise ValidationError(
                _("Write the message in Swedish, with the English words beside it.")
            )
        if not self.heading_in_english.strip():
            raise ValidationError(
                {"heading_in_english": _("The message needs words in Swedish and English.")}
            )
        if bool(self.text.strip()) != bool(self.text_in_english.strip()):
            raise ValidationError(
                {"text_in_english": _("Write the text in both languages, or in none.")}
            )

    def _refuse_to_follow(self, former: "Alert | None") -> None:
        others = type(self).objects.public().exclude(pk=self.pk)
        if former is None or not (self.was_public or others.filter(pk=former.pk).exists()):
            raise ValidationError({"follows": _NOT_OUT})
