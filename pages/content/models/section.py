"""The page that introduces a part of the site."""

from django.utils.translation import gettext_lazy as _

from pages.content.fields import AsideField, BodyField, LeadImageField

from .base import BasePage


class SectionPage(BasePage):
    """Introduces the pages below it."""

    fixed_kind = "section"
    page_description = _("A part of the website that leads on to its pages.")
    image = LeadImageField(verbose_name=_("Image"), blank=True)
    body = BodyField(verbose_name=_("Body"), blank=True)
    aside = AsideField(verbose_name=_("Boxes beside the text"), blank=True)

    has_section_menu = True
    parent_page_types = ["content.HomePage", "content.SectionPage"]
    subpage_types = [
        "content.SectionPage",
        "content.ArticlePage",
        "content.ThreatLevelPage",
        "cooperation.CooperationPage",
    ]
    content_panels = [*BasePage.content_panels, "image", "body", "aside"]
    content_panels += [BasePage.topics_panel, BasePage.dating_panel]

    class Meta:
        verbose_name = _("section page")
        verbose_name_plural = _("section pages")
