"""Blocks that show things kept elsewhere: pages, contacts, the way to leave a tip."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock, StructValue, TextBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Page

from pages.content.tree.twin_kinds import TwinKind

from .choosers import SitePageChooserBlock, SiteSnippetChooserBlock


class PageListBlock(StructBlock):
    heading = CharBlock(max_length=120, label=_("Heading"))
    source = ChoiceBlock(
        choices=[("chosen", _("Chosen pages")), ("children", _("All pages below a page"))],
        default="chosen",
        search_index=False,
        label=_("Show"),
    )
    pages = ListBlock(
        SitePageChooserBlock(label=_("Page")), required=False, default=[], label=_("Chosen pages")
    )
    parent = SitePageChooserBlock(required=False, label=_("The page whose subpages are shown"))

    def clean(self, value: StructValue) -> StructValue:
        value = super().clean(value)
        missing = "parent" if value["source"] == "children" else "pages"
        if not value[missing]:
            raise StructBlockValidationError(
                block_errors={missing: ValidationError(_("Choose what the list shows."))}
            )
        return value

    def get_preview_value(self) -> StructValue:
        chosen = list(Page.objects.live().filter(depth__gt=2).order_by("path")[:3])
        return self.normalize({"heading": "Läs vidare", "source": "chosen", "pages": chosen})

    class Meta:
        icon = "list-ul"
        label = _("List of pages")
        description = _("Chosen pages, or all pages below one, with a few words about each.")
        group = _("Links")
        template = "blocks/page_list.html"


class TwinListBlock(StructBlock):
    """Shows all twins of some kinds, wherever they lie, and the languages that have none."""

    kinds = ChoiceBlock(
        choices=[
            (TwinKind.EASY.value, _("Pages in easy Swedish")),
            (TwinKind.SIGNED.value, _("Pages in sign language")),
            ("minority", _("Pages in the national minority languages")),
        ],
        default=TwinKind.EASY.value,
        search_index=False,
        label=_("Show"),
    )

    class Meta:
        icon = "globe"
        label = _("List of twins")
        description = _("All pages in easy Swedish, in sign language or in minority languages.")
        group = _("Links")
        template = "blocks/twin_list.html"
        preview_value = {"kinds": "minority"}


class ContactBlock(SiteSnippetChooserBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__("content.Contact", **kwargs)

    def get_searchable_content(self, value: Any) -> list[str]:
        """What readers see of it, so that its page is found by its name and numbers."""
        if not value or not value.live:
            return []
        return [value.name, value.text, value.phone, value.email, value.address]

    def get_preview_value(self) -> object:
        return self.target_model.objects.public().first() or self.target_model(
            name="Registrator", phone=settings.PHONE
        )

    class Meta:
        icon = "group"
        label = _("Contact box")
        description = _("A contact that is kept in one place and shown on many pages.")
        group = _("Links")
        template = "blocks/contact.html"


class NumberBlock(StructBlock):
    number = CharBlock(max_length=20, label=_("Telephone"))
    heading = CharBlock(
        max_length=60, label=_("Heading"), help_text=_("Whom it reaches, or when to call it.")
    )
    text = CharBlock(max_length=120, required=False, label=_("Text"))


class NumbersBlock(StructBlock):
    numbers = ListBlock(NumberBlock(), min_num=1, max_num=3, label=_("Telephone numbers"))

    class Meta:
        icon = "mobile-alt"
        label = _("Large telephone numbers")
        description = _(
            "Up to three numbers, the first that a reader sees. A contact below them leads to the same number without writing it once more."
        )
        group = _("Links")
        template = "blocks/numbers.html"
        preview_value = {
            "numbers": [{"number": "112", "heading": "Någon är i fara", "text": "Ring genast."}]
        }


class TipCallBlock(StructBlock):
    # These words are the same on every page, and in the index they would hide what a page is about.
    heading = CharBlock(
        max_length=80,
        default=_("Have you seen something?"),
        search_index=False,
        label=_("Heading"),
    )
    text = TextBlock(required=False, search_index=False, label=_("Text"))
    button = CharBlock(
        max_length=40,
        default=_("To the tip page"),
        search_index=False,
        label=_("Text on the button"),
    )

    class Meta:
        icon = "mail"
        label = _("Call for tips")
        description = _("Asks the reader for what they know and leads to the tip page.")
        group = _("Links")
        template = "blocks/tip_call.html"
        preview_value = {
            "heading": "Har du sett något?",
            "text": "Även något litet kan vara viktigt för oss.",
            "button": "Till tipssidan",
        }
