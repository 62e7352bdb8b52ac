"""Blocks of words."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    ListBlock,
    RichTextBlock,
    StructBlock,
    TextBlock,
)
from wagtail.contrib.table_block.blocks import TableBlock as WagtailTableBlock
from wagtail.rich_text import RichText, get_text_for_indexing

from pages.ground.json_types import JsonObject

from .anchors import divided
from .cells import cell_words, links_in

TEXT_FEATURES = ["bold", "italic", "language", "link", "document-link", "ol", "ul"]
PROSE_FEATURES = ["h2", "h3", *TEXT_FEATURES]


class HeadingBlock(StructBlock):
    text = CharBlock(max_length=120, label=_("Heading"))
    level = ChoiceBlock(
        choices=[("h2", _("Section (level 2)")), ("h3", _("Subsection (level 3)"))],
        default="h2",
        search_index=False,
        label=_("Level"),
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("Divides the page into sections that readers can jump to.")
        group = _("Text")
        template = "blocks/heading.html"
        preview_value = {"text": "Nationellt samarbete", "level": "h2"}


class ProseBlock(RichTextBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": PROSE_FEATURES, **kwargs})

    def get_searchable_content(self, value: RichText) -> list[str]:
        return [get_text_for_indexing(piece) for _level, piece in divided(value.source)]

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Headings, paragraphs and lists with links.")
        group = _("Text")
        template = "blocks/prose.html"
        preview_value = (
            "<p>Det mesta av samarbetet är utbyte av kunskap: vad vi ser, "
            "vad andra ser och vad det betyder.</p>"
        )


class FactBoxBlock(StructBlock):
    heading = CharBlock(max_length=80, label=_("Heading"))
    text = RichTextBlock(features=TEXT_FEATURES, label=_("Text"))
    tone = ChoiceBlock(
        choices=[("plain", _("Facts")), ("warning", _("Important to know"))],
        default="plain",
        search_index=False,
        label=_("Kind"),
    )

    class Meta:
        icon = "info-circle"
        label = _("Fact box")
        description = _("Facts beside the story, or something the reader must not miss.")
        group = _("Text")
        template = "blocks/fact_box.html"
        preview_value = {
            "heading": "Femgradig skala",
            "text": "<p>Terrorhotnivån anges på en skala från ett till fem.</p>",
            "tone": "plain",
        }


class QuoteBlock(StructBlock):
    text = TextBlock(label=_("Quote"), help_text=_("Without quotation marks."))
    source = CharBlock(max_length=120, required=False, label=_("Source"))
    role = CharBlock(max_length=120, required=False, label=_("The source's role"))

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("What somebody has said or written, with its source.")
        group = _("Text")
        template = "blocks/quote.html"
        preview_value = {
            "text": "Vi skyddar Sverige och demokratin.",
            "source": "Säkerhetspolisens årsbok",
            "role": "",
        }


class QuestionBlock(StructBlock):
    question = CharBlock(max_length=160, label=_("Question"))
    answer = RichTextBlock(features=TEXT_FEATURES, label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question and answer")


class AccordionBlock(StructBlock):
    heading = CharBlock(max_length=120, required=False, label=_("Heading"))
    items = ListBlock(QuestionBlock(), label=_("Questions and answers"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        description = _("Questions that open to show their answers.")
        group = _("Text")
        template = "blocks/accordion.html"
        preview_value = {
            "heading": "Frågor och svar",
            "items": [
                {
                    "question": "Måste jag vara svensk medborgare?",
                    "answer": "<p>Ja, för de flesta tjänster hos oss.</p>",
                }
            ],
        }


class NumeralBlock(StructBlock):
    before = CharBlock(max_length=20, required=False, label=_("Before it, such as “about”"))
    number = CharBlock(max_length=9, label=_("Number or year"))
    text = CharBlock(max_length=160, label=_("What is counted, with its year, or what happened"))
    source = CharBlock(max_length=120, required=False, label=_("Source"))


class NumeralsBlock(StructBlock):
    layout = ChoiceBlock(
        choices=[("columns", _("Figures, in columns")), ("margin", _("Years, in the margin"))],
        default="columns",
        search_index=False,
        label=_("Show"),
    )
    numerals = ListBlock(NumeralBlock(), min_num=1, label=_("Figures or years"))

    class Meta:
        icon = "list-ol"
        label = _("Large figures or years")
        description = _("Figures and what they count, or years and what happened.")
        group = _("Text")
        template = "blocks/numerals.html"
        preview_value = {"numerals": [{"number": "1 500", "text": "anställda 2024"}]}


# The table's script has these names in English only.
_TABLE_MENU = {
    "row_above": {"name": _("Insert row above")},
    "row_below": {"name": _("Insert row below")},
    "after_rows": "---------",
    "col_left": {"name": _("Insert column to the left")},
    "col_right": {"name": _("Insert column to the right")},
    "after_columns": "---------",
    "remove_row": {"name": _("Remove row")},
    "remove_col": {"name": _("Remove column")},
    "after_removing": "---------",
    "undo": {"name": _("Undo")},
    "redo": {"name": _("Redo")},
}


class TableBlock(WagtailTableBlock):
    """A table that says what it shows and which of its cells are headers."""

    def __init__(self, **kwargs: object) -> None:
        # The editor of tables has no Swedish: its words stand in the menu.
        options = {"contextMenu": {"items": _TABLE_MENU}, "language": "en-US"}
        how = _(
            "Telephone numbers, and addresses such as polisen.se, become links. Other words do if you"
            " write [the tip page](/tipsa/)."
        )
        super().__init__(**{"table_options": options, "help_text": how, **kwargs})

    def clean(self, value: JsonObject | None) -> JsonObject | None:
        if value:
            if not (value.get("table_caption") or "").strip():
                raise ValidationError(_("Give the table a caption that says what it shows."))
            if value.get("table_header_choice") not in ("row", "column", "both"):
                raise ValidationError(
                    _("Say which cells are headers: the row, the column or both.")
                )
            cells = (cell or "" for row in value["data"] for cell in row)
            for link in (link for cell in cells for link in links_in(cell) if not link.is_right):
                raise ValidationError(
                    _("The address of the link “%(words)s” in the table is not right.")
                    % {"words": link.words}
                )
        # Afterwards, since Wagtail's own refusal does not say what to do.
        return super().clean(value)

    def get_searchable_content(self, value: JsonObject | None) -> list[str]:
        caption = (value or {}).get("table_caption")
        cells = super().get_searchable_content(value)
        return [*([caption] if caption else []), *map(cell_words, cells)]

    class Meta:
        icon = "table"
        label = _("Table")
        description = _("Figures and facts in rows and columns, with headers and a caption.")
        group = _("Text")
        template = "blocks/table.html"
        preview_value = {
            "data": [["Klass", "Gäller"], ["1", "Kvalificerat hemliga uppgifter"]],
            "cell": [],
            "table_caption": "Säkerhetsklasser",
            "table_header_choice": "row",
            "first_row_is_table_header": True,
            "first_col_is_header": False,
        }
