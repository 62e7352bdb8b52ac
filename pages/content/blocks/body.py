"""The lists of blocks that each stream field allows."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StreamBlock, StructBlock, URLBlock

from .choosers import SitePageChooserBlock
from .links import LinkBlock, LinkListBlock, LinkRowBlock
from .listings import ContactBlock, NumbersBlock, PageListBlock, TipCallBlock, TwinListBlock
from .pictures import FigureBlock, FileBlock, VideoBlock
from .text import (
    AccordionBlock,
    FactBoxBlock,
    HeadingBlock,
    NumeralsBlock,
    ProseBlock,
    QuoteBlock,
    TableBlock,
)


class BodyBlock(StreamBlock):
    """Everything an editor can put into the body of a page."""

    prose = ProseBlock(required=False)
    heading = HeadingBlock()
    figure = FigureBlock()
    link_row = LinkRowBlock()
    fact_box = FactBoxBlock()
    quote = QuoteBlock()
    accordion = AccordionBlock()
    table = TableBlock()
    numerals = NumeralsBlock()
    file = FileBlock()
    video = VideoBlock()
    numbers = NumbersBlock()
    contact = ContactBlock()
    page_list = PageListBlock()
    twin_list = TwinListBlock()
    tip_call = TipCallBlock()


class AsideBlock(StreamBlock):
    """The boxes beside the body."""

    contact = ContactBlock()
    link_list = LinkListBlock()
    fact_box = FactBoxBlock()


class LeadImageBlock(StreamBlock):
    """The one image under the lead, or none."""

    figure = FigureBlock()

    class Meta:
        max_num = 1


class RelatedBlock(StreamBlock):
    """The pages an editor recommends to those who read this one."""

    page = SitePageChooserBlock(label=_("Page"))

    class Meta:
        max_num = 6


class TaskBlock(StructBlock):
    """One of the few things most visitors come for."""

    heading = CharBlock(max_length=60, label=_("Heading"))
    text = CharBlock(max_length=160, label=_("Text"))
    link = LinkBlock(label=_("Link"))

    class Meta:
        icon = "pick"
        label = _("Common errand")


class TasksBlock(StreamBlock):
    task = TaskBlock()

    class Meta:
        max_num = 6


class LinksBlock(StreamBlock):
    """Links in a row, each a page, an address or a file."""

    link = LinkBlock()


class SocialLinkBlock(StructBlock):
    name = CharBlock(max_length=40, label=_("Name"))
    url = URLBlock(label=_("Address"))

    class Meta:
        icon = "site"
        label = _("Account")


class SocialLinksBlock(StreamBlock):
    account = SocialLinkBlock()
