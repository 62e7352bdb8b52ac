"""Footer and cookie notice, which stand around every page; one of each in a language."""

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import Page, TranslatableMixin

from pages.content.fields import LinksField, SocialLinksField
from pages.content.references.shelves import listed_page_with
from pages.content.tree.listed import ListedPage

from .register import RegisterEntry


class FrameSetting(RegisterEntry, TranslatableMixin):
    """A part of the frame around every page; its preview shows it on a page."""

    # The name under which `base.html` finds the previewed object, which it shows for the live one.
    preview_as: str

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, object]:
        return super().get_preview_context(request, mode_name) | {
            f"previewed_{self.preview_as}": self
        }


class OneForEachLanguage(FrameSetting):
    class Meta(FrameSetting.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["locale"],
                condition=models.Q(live=True),
                name="one_live_%(class)s_in_language",
                violation_error_message=_(
                    "There is already one in this language. Edit that one instead."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} ({self.locale})"


class Footer(OneForEachLanguage):
    fixed_kind = "footer"

    mission = models.TextField(
        _("Mission"), help_text=_("What the agency does, in one or two sentences.")
    )
    social_heading = models.CharField(_("Heading for social media"), max_length=60)
    social_text = models.TextField(_("Text on social media"), blank=True)
    social_links = SocialLinksField(verbose_name=_("Accounts in social media"), blank=True)
    tips_heading = models.CharField(_("Heading for tips"), max_length=60)
    tips_text = models.TextField(_("Text on tips"), blank=True)
    tips_button = models.CharField(_("Text on the button to the tip page"), max_length=40)
    contact_heading = models.CharField(_("Heading for contact"), max_length=60)
    contact_links = LinksField(verbose_name=_("Links under contact"), blank=True)
    legal_links = LinksField(
        verbose_name=_("Links on the last line"),
        blank=True,
        help_text=_("Accessibility statement, cookies, personal data and the like."),
    )

    preview_as = "footer"
    panels = [
        "mission",
        MultiFieldPanel(["tips_heading", "tips_text", "tips_button"], heading=_("Tips")),
        MultiFieldPanel(["contact_heading", "contact_links"], heading=_("Contact")),
        MultiFieldPanel(
            ["social_heading", "social_text", "social_links"], heading=_("Social media")
        ),
        "legal_links",
        PublishingPanel(),
    ]

    class Meta(OneForEachLanguage.Meta):
        verbose_name = _("footer")
        verbose_name_plural = _("footers")


class CookieNotice(OneForEachLanguage):
    fixed_kind = "cookie_notice"

    is_shown = models.BooleanField(
        _("Show the notice"),
        default=True,
        help_text=_("A site that sets no cookies needs no notice: it can be switched off."),
    )
    heading = models.CharField(_("Heading"), max_length=80)
    text = models.TextField(_("Text"))
    button = models.CharField(_("Text on the button"), max_length=40)
    link_text = models.CharField(_("Text of the link"), max_length=60)
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("The page on cookies"),
    )

    preview_as = "cookie_notice"
    panels = [
        "is_shown",
        "heading",
        "text",
        "button",
        "link_text",
        FieldPanel("page"),
        PublishingPanel(),
    ]

    class Meta(OneForEachLanguage.Meta):
        verbose_name = _("cookie notice")
        verbose_name_plural = _("cookie notices")

    @property
    def linked_page(self) -> ListedPage | None:
        return listed_page_with(self.page_id) if self.page_id else None
