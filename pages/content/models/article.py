"""Articles."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Page

from pages.content.fields import AsideField, BodyField, LeadImageField, RelatedField
from pages.content.tree.twin_kinds import TwinKind

from .base import BasePage
from .page_form import ArticlePageForm
from .search_kind import SearchKind
from .topics import JoinedWords


class BaseArticlePage(BasePage):
    """An article without its body: some kinds of article allow more blocks there."""

    lead = models.TextField(
        _("Lead"),
        max_length=600,
        help_text=_("Two or three sentences that answer the reader's question at once."),
    )
    image = LeadImageField(verbose_name=_("Image"), blank=True)
    aside = AsideField(verbose_name=_("Boxes beside the text"), blank=True)
    related = RelatedField(
        verbose_name=_("Related pages"),
        blank=True,
        help_text=_("Left empty, pages with the same topics are shown."),
    )

    has_section_menu = True
    parent_page_types = ["content.SectionPage", "content.HomePage"]
    subpage_types: list[str] = []
    content_panels = [
        *BasePage.content_panels,
        "image",
        "body",
        BasePage.topics_panel,
        "aside",
        "related",
        BasePage.dating_panel,
    ]

    class Meta:
        abstract = True


class ArticlePage(BaseArticlePage):
    """An article, which may be the twin of another page: in easy Swedish, signed or in a language."""

    fixed_kind = "article"
    page_description = _("A text that stays: what we do, and what readers can do.")
    body = BodyField(verbose_name=_("Body"), blank=True)
    twin_kind = models.CharField(
        _("In easy Swedish, signed, or in a language"),
        max_length=10,
        blank=True,
        default="",
        db_default="",
        choices=TwinKind.choices,
    )
    twin_of = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="twins",
        verbose_name=_("The page in ordinary Swedish"),
        help_text=_("Each of the two links to the other."),
    )
    compared_at = models.DateTimeField(
        _("Compared with that page"),
        null=True,
        blank=True,
        help_text=_(
            "Empty it when you have read both and they say the same: it becomes the present moment. "
            "Readers are told when the other page has changed since."
        ),
    )

    kind_field = "twin_kind"
    base_form_class = ArticlePageForm
    _OF_TWINS = ("twin_kind", "twin_of", "compared_at")
    exclude_fields_in_copy = [*BaseArticlePage.exclude_fields_in_copy, *_OF_TWINS]
    twin_panel = MultiFieldPanel(
        [
            "twin_kind",
            "twin_of",
            # To the second, as it is stored: else opening a page would change it.
            FieldPanel("compared_at", widget=AdminDateTimeInput(format="%Y-%m-%d %H:%M:%S")),
        ],
        heading=_("Easy Swedish, sign language and minority languages"),
        classname="collapsed",
    )
    content_panels = [*BaseArticlePage.content_panels, twin_panel]

    class Meta:
        verbose_name = _("article page")
        verbose_name_plural = _("article pages")
        indexes = [
            # For the sitemap, which reads both columns of very many rows.
            models.Index(fields=["page_ptr", "changed_on"], name="article_changed_on"),
            models.Index(
                fields=["twin_kind"], name="article_twins", condition=~models.Q(twin_kind="")
            ),
        ]

    @classmethod
    def twin_keys_of(cls, page: models.OuterRef) -> models.Subquery:
        """A subquery that adds the keys of a page's live twins to another query, as words."""
        rows = cls.objects.filter(twin_of=page, live=True).order_by().values("twin_of")
        keys = JoinedWords(Cast("pk", models.CharField()), output_field=models.TextField())
        return models.Subquery(rows.annotate(words=keys).values("words"))

    @property
    def language(self) -> str:
        """The language of its words, where it is not that of the frame."""
        return TwinKind(self.twin_kind).language if self.twin_kind else ""

    @property
    def language_attributes(self) -> SafeString | str:
        return TwinKind(self.twin_kind).attributes if self.twin_kind else ""

    @property
    def search_kind(self) -> SearchKind:
        return SearchKind.TWINS if self.twin_kind else SearchKind.ARTICLES

    def search_parts(self) -> list[str]:
        if not self.twin_kind:
            return super().search_parts()
        kind = TwinKind(self.twin_kind)
        return [*super().search_parts(), f"{kind.label} {kind.own_name}"]

    def refuse_faults(self) -> None:
        """Raises a ValidationError for a twin that readers could not go to and fro from."""
        super().refuse_faults()
        if not self.twin_kind and not self.twin_of:
            return
        if not self.twin_kind:
            raise ValidationError({"twin_kind": _("Choose what the page is.")})
        if not self.twin_of:
            raise ValidationError({"twin_of": _("Choose the page in ordinary Swedish.")})
        if not all(map(_is_swedish, (self, self.twin_of))) or self.twin_of.pk == self.pk:
            raise ValidationError({"twin_of": _("Both have to be pages among the Swedish ones.")})
        twins = ArticlePage.objects.exclude(twin_kind="")
        if (
            twins.filter(pk=self.twin_of.pk).exists()
            or twins.live().filter(twin_of=self.pk).exists()
        ):
            raise ValidationError({"twin_of": _("A twin has no twins of its own.")})
        alike = twins.live().filter(twin_of=self.twin_of, twin_kind=self.twin_kind)
        if alike.exclude(pk=self.pk).exists():
            raise ValidationError({"twin_kind": _("That page has one of this kind already.")})
        if self.twin_kind == TwinKind.SIGNED and not any(
            block.block_type == "video" for block in self.body
        ):
            raise ValidationError({"body": _("A page in sign language has a film.")})


def _is_swedish(page: Page) -> bool:
    return page.locale.language_code == settings.LANGUAGE_CODE
