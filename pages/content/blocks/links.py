"""Links: to a page, an address or a file."""

from django.core.validators import URLValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ListBlock,
    StreamBlock,
    StructBlock,
    StructValue,
)

from pages.content.tree.addresses import address_of
from pages.library.files import file_note

from .choosers import SiteDocumentChooserBlock, SitePageChooserBlock


def is_address(value: str) -> None:
    """Allows only http, https, mailto, tel and paths: nothing that a browser could run."""
    # A browser reads a backslash as a slash, and "//" as the beginning of another host.
    if value.startswith("/") and value[1:2] not in ("/", "\\") and value.isprintable():
        return
    if value.startswith(("mailto:", "tel:")) and len(value) > len("mailto:"):
        return
    URLValidator(
        schemes=["http", "https"], message=_("Give a whole address that begins with https://.")
    )(value.replace("\\", " "))  # refused, whatever stands before it


# The editor's words are in the child block `label`. In a child block `text` a template would find
# them before the property `text`.
class PageLinkValue(StructValue):
    is_external = False
    note = ""

    @cached_property
    def href(self) -> str:
        """The page's address; empty while the page is withdrawn or not yet published."""
        page = self["page"]
        return (address_of(page.url_path) or "") if page and page.live else ""

    @cached_property
    def text(self) -> str:
        return self["label"] or (self["page"].title if self["page"] else "")


class AddressLinkValue(StructValue):
    note = ""

    @property
    def is_external(self) -> bool:
        return self["address"].startswith("http")

    @property
    def href(self) -> str:
        return self["address"]

    @property
    def text(self) -> str:
        return self["label"]


class FileLinkValue(StructValue):
    is_external = False

    @cached_property
    def href(self) -> str:
        return self["file"].url if self["file"] else ""

    @cached_property
    def text(self) -> str:
        return self["label"] or (self["file"].title if self["file"] else "")

    @cached_property
    def note(self) -> str:
        return file_note(self["file"]) if self["file"] else ""


class PageLinkBlock(StructBlock):
    page = SitePageChooserBlock(label=_("Page"))
    label = CharBlock(
        required=False,
        max_length=120,
        label=_("Link text"),
        help_text=_("The page's title when left empty."),
    )

    class Meta:
        icon = "doc-empty"
        label = _("Page on this website")
        value_class = PageLinkValue


class AddressLinkBlock(StructBlock):
    address = CharBlock(
        max_length=500,
        validators=[is_address],
        label=_("Address"),
        help_text=_("The whole address, with https://. On this website: from the first slash."),
    )
    label = CharBlock(
        max_length=120,
        label=_("Link text"),
        help_text=_("Says where the link leads, also when read on its own."),
    )

    class Meta:
        icon = "site"
        label = _("Another website")
        value_class = AddressLinkValue


class FileLinkBlock(StructBlock):
    file = SiteDocumentChooserBlock(label=_("File"))
    label = CharBlock(
        required=False,
        max_length=120,
        label=_("Link text"),
        help_text=_("The file's title when left empty. Type and size are written after it."),
    )

    class Meta:
        icon = "doc-full"
        label = _("File")
        value_class = FileLinkValue


class LinkBlock(StreamBlock):
    """One link: a page, an address or a file. Never two of them, never none."""

    page = PageLinkBlock()
    address = AddressLinkBlock()
    file = FileLinkBlock()

    class Meta:
        icon = "link"
        label = _("Link")
        min_num = 1
        max_num = 1


def one_link(kind: str, **value: object) -> list[tuple[str, dict[str, object]]]:
    """The value of a LinkBlock with one child of the given kind."""
    return [(kind, value)]


class LinkRowBlock(LinkBlock):
    """A link on a line of its own, at the end of a section."""

    class Meta:
        icon = "arrow-right"
        label = _("Link row")
        description = _("A link on a line of its own: a page, another website or a file.")
        group = _("Links")
        default = one_link("page", page=None, label="")  # what it most often leads to
        template = "blocks/link_row.html"
        preview_value = one_link(
            "address", address="https://www.riksdagen.se/", label="Sveriges riksdag"
        )


class LinkListBlock(StructBlock):
    heading = CharBlock(max_length=80, label=_("Heading"))
    links = ListBlock(LinkBlock(), label=_("Links"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Link list")
        description = _("A box with a heading and links, such as laws or forms.")
        group = _("Links")
        template = "blocks/link_list.html"
        preview_value = {
            "heading": "Lagar och regler",
            "links": [
                one_link(
                    "address",
                    address="https://www.riksdagen.se/",
                    label="Säkerhetsskyddslag (2018:585)",
                )
            ],
        }
