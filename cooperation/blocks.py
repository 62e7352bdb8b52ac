"""The block that shows partners inside an article."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, StructBlock

from pages.content.blocks.body import BodyBlock


class PartnerListBlock(StructBlock):
    heading = CharBlock(max_length=80, required=False, label=_("Heading"))
    scope = ChoiceBlock(
        choices=[("national", _("National")), ("international", _("International"))],
        default="national",
        search_index=False,
        label=_("Show"),
    )

    class Meta:
        icon = "group"
        label = _("List of partners")
        description = _("The partners of the register, national or international.")
        group = _("Links")
        template = "blocks/partner_list.html"
        preview_value = {"heading": "Nationella samarbeten", "scope": "national"}


class CooperationBodyBlock(BodyBlock):
    """The blocks of an article's body, and lists of partners."""

    partner_list = PartnerListBlock()
