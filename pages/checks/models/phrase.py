"""Words at which the check before publishing stops: marks of secrecy, case numbers and the like."""

import re
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

_DASHES = "[-‐‑‒–−]"
# What `*` stands for, and the most of it: so no pattern can keep a process busy.
_REST, _MOST = r"[\w/:.\-]", 60
_FEWEST = 2


class PhraseKind(models.TextChoices):
    SECRECY = "secrecy", _("Mark of secrecy")
    CASE_NUMBER = "case_number", _("Case number")
    PLACEHOLDER = "placeholder", _("Text that is not finished")


class Phrase(models.Model):
    """Words that stop a publication, until two persons say why they may stand."""

    raises_version = False  # visitors never meet it
    wagtail_reference_index_ignore = True
    not_for_readers = ("text", "note")

    text = models.CharField(
        _("Words"),
        max_length=100,
        help_text=_(
            "Small letters also stand for capitals; capitals stand for capitals only,"
            " so that HEMLIG is found where it is a mark, and not the word hemlig in a text."
        ),
    )
    is_pattern = models.BooleanField(
        _("Pattern"),
        default=False,
        help_text=_(
            "Then # is any digit, and * the rest of a word or number: dnr *#* finds dnr 2026/123."
        ),
    )
    kind = models.CharField(_("Kind"), max_length=12, choices=PhraseKind.choices)
    note = models.TextField(_("Note"), blank=True, help_text=_("Readers never see it."))

    panels = ["text", "is_pattern", "kind", FieldPanel("note")]

    class Meta:
        ordering = ["kind", "text"]
        verbose_name = _("phrase to stop at")
        verbose_name_plural = _("phrases to stop at")
        constraints = [
            models.UniqueConstraint(fields=["kind", "text"], name="unique_phrase_of_kind")
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        super().clean()
        self.text = " ".join(self.text.split())
        letters, digits = len(re.findall(r"[^\W_]", self.text)), self.text.count("#")
        if not letters or letters + digits < _FEWEST:
            raise ValidationError(
                {"text": _("Write at least two letters or digits: this would stop everything.")}
            )

    @property
    def expression(self) -> re.Pattern[str]:
        return expression_of(self.text, self.is_pattern)


@lru_cache(maxsize=2_000)
def expression_of(text: str, is_pattern: bool) -> re.Pattern[str]:
    """What finds the words in a text, in a time that grows with the text alone."""
    units = [_unit(sign, is_pattern) for sign in re.sub(r"\*+" if is_pattern else "$^", "*", text)]
    found = ""
    for at, unit in enumerate(units):
        if unit is not None:
            found += unit
            continue
        # Up to the next thing of the pattern, and never back again.
        stop = "".join(_until_star(units[at + 1 :]))
        found += f"(?:{f'(?!{stop})' if stop else ''}{_REST}){{0,{_MOST}}}+"
    return re.compile(
        _edge(text[:1], r"(?<!\w)(?<!\d[-/.:])") + found + _edge(text[-1:], r"(?!\w)")
    )


def _unit(sign: str, is_pattern: bool) -> str | None:
    """What one sign of the phrase finds; None for the rest of a word."""
    if is_pattern and sign == "*":
        return None
    if is_pattern and sign == "#":
        return r"[0-9]"
    if sign.isspace():
        return r"[:.]?\s+"
    if sign == "-":
        return _DASHES
    capital = sign.upper()
    return f"[{sign}{capital}]" if sign.islower() and len(capital) == 1 else re.escape(sign)


def _until_star(units: list[str | None]) -> list[str]:
    stars = [at for at, unit in enumerate(units) if unit is None]
    return [unit for unit in units[: stars[0] if stars else None] if unit is not None]


def _edge(sign: str, expression: str) -> str:
    """Where the phrase begins or ends with a word, it is a whole word in the text."""
    return expression if sign == "#" or re.match(r"\w", sign) else ""
