"""The blocks that editors put into stream fields.

May ask `references`, `tree` and `library`. Asked by `fields` and `importing`.
"""

from .body import (
    AsideBlock,
    BodyBlock,
    LeadImageBlock,
    LinksBlock,
    RelatedBlock,
    SocialLinksBlock,
    TaskBlock,
    TasksBlock,
)
from .choosers import (
    DescribedImageBlock,
    SiteDocumentChooserBlock,
    SiteImageChooserBlock,
    SitePageChooserBlock,
    SiteSnippetChooserBlock,
)
from .links import (
    AddressLinkBlock,
    FileLinkBlock,
    LinkBlock,
    LinkListBlock,
    LinkRowBlock,
    PageLinkBlock,
)
from .listings import ContactBlock, PageListBlock, TipCallBlock
from .pictures import FigureBlock, FileBlock, VideoBlock
from .text import AccordionBlock, FactBoxBlock, HeadingBlock, ProseBlock, QuoteBlock, TableBlock
