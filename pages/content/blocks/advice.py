"""The levels of the national scale, and what each of them asks of readers."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    ListBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
    TextBlock,
)
from wagtail.blocks.stream_block import StreamBlockValidationError


class ThreatLevel(models.IntegerChoices):
    """The five levels of the national scale."""

    NONE_IDENTIFIED = 1, _("No identified threat")
    LIMITED = 2, _("Limited threat")
    ELEVATED = 3, _("Elevated threat")
    HIGH = 4, _("High threat")
    VERY_HIGH = 5, _("Very high threat")


class LevelAdviceBlock(StructBlock):
    level = ChoiceBlock(choices=ThreatLevel.choices, label=_("Level"))
    summary = TextBlock(
        max_length=160, label=_("On the start page"), help_text=_("One or two sentences.")
    )
    means = TextBlock(required=False, max_length=300, label=_("What it means"))
    heading = CharBlock(
        max_length=80, label=_("Heading"), help_text=_("The most important thing, in one sentence.")
    )
    things = ListBlock(
        CharBlock(max_length=160, label=_("To do")),
        min_num=1,
        max_num=5,
        label=_("To do"),
        help_text=_("The line with 112 and the tip page comes by itself."),
    )

    class Meta:
        icon = "tasks"
        label = _("At a level")


class AdviceBlock(StreamBlock):
    """What each level asks of readers, written before it is needed."""

    at_level = LevelAdviceBlock()

    class Meta:
        max_num = len(ThreatLevel)

    def clean(self, value: StreamValue) -> StreamValue:
        value = super().clean(value)
        # As text: a draft may lack it, and Wagtail gives a number from the form.
        levels = [str(block.value["level"]) for block in value]
        twice = [number for number, level in enumerate(levels) if level and levels.count(level) > 1]
        if twice:
            fault = ValidationError(_("Each level stands here once."))
            raise StreamBlockValidationError(dict.fromkeys(twice, fault))
        return value
