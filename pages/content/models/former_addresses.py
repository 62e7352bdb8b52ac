"""Tables of the addresses that former websites had, kept by editors."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from pages.content.tree.address_table import (
    MOST_SIGNS,
    AddressLine,
    AddressTable,
    on_line,
    path_here,
    read_table,
)
from pages.content.tree.addresses import has_view, own_pages_at

from .register import RegisterEntry

# So many faults are told at once.
_MOST_TOLD = 20


class FormerAddresses(RegisterEntry):
    """What a former website had where, and where it is now: read where this site has nothing."""

    fixed_kind = "former_addresses"
    not_for_readers = ("lines",)
    read_line_by_line = ("lines",)

    name = models.CharField(
        _("Name"),
        max_length=100,
        unique=True,
        help_text=_("Which website it was, such as “The website until 2027”."),
    )
    lines = models.TextField(
        _("Addresses"),
        max_length=MOST_SIGNS,
        help_text=_(
            "One line for each: the former address and the new one, with → or a semicolon between."
            " * stands for anything: /old/*.html → /new/*/"
        ),
    )

    preview_modes: list[tuple[str, str]] = []
    panels = ["name", "lines"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("table of former addresses")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        found, faults = read_table(self.lines)
        if not faults:
            self.lines = "\n".join({line.spelling: str(line) for line in found}.values())

    def refuse_faults(self) -> None:
        """Raises a ValidationError that names the lines which keep the table from being published."""
        found, faults = read_table(self.lines)
        faults = faults or list(self._wrong_among(found))
        if not found and not faults:
            faults = [gettext("Write at least one line.")]
        if faults:
            more = len(faults) - _MOST_TOLD
            text = ngettext("And %(count)d more.", "And %(count)d more.", more)
            rest = [text % {"count": more}] if more > 0 else []
            raise ValidationError({"lines": [*faults[:_MOST_TOLD], *rest]})

    def _wrong_among(self, found: list[AddressLine]) -> Iterator[str]:
        """What is wrong with the lines beside what the site and the other tables have."""
        table, elsewhere = AddressTable(found), self._lines_elsewhere()
        paths = {path for line in found for path in (_place_of(line), line.path_here)}
        pages = own_pages_at(paths - {""})
        hosts = {host.casefold() for host in Site.objects.values_list("hostname", flat=True)}
        answers: dict[str, bool] = {}
        for line in found:
            other = elsewhere.get(line.spelling)
            sentence = _hiding(line, pages) or _leading_nowhere(line, pages, table, answers)
            if other and other[0] != line.new:
                sentence = gettext("“%(table)s” leads the same address elsewhere.")
                sentence %= {"table": other[1]}
            elif (urlsplit(line.new).hostname or "") in hosts:
                sentence = gettext("write an address of this website from its first slash.")
            if sentence:
                yield on_line(line.number, sentence)

    def _lines_elsewhere(self) -> dict[str, tuple[str, str]]:
        """What the other tables that readers meet have: spelling -> where it leads, and the table."""
        others = type(self).objects.public().exclude(pk=self.pk)
        return {
            line.spelling: (line.new, other.name)
            for other in others
            for line in read_table(other.lines)[0]
        }


def _place_of(line: AddressLine) -> str:
    """Where a page of this site would lie at the former address."""
    return "" if line.is_pattern else path_here(line.spelling)


def _hiding(line: AddressLine, pages: dict[str, Page]) -> str:
    page = pages.get(_place_of(line))
    if page is None or not page.live or page == pages.get(line.path_here):
        return ""
    return gettext("the page “%(title)s” lies at that address.") % {"title": page.title}


def _leading_nowhere(
    line: AddressLine, pages: dict[str, Page], table: AddressTable, answers: dict[str, bool]
) -> str:
    path = line.path_here
    if not path:
        return ""
    page = pages.get(path)
    if page is not None and not page.live:
        said = gettext("it leads to “%(title)s”, which visitors cannot read.")
        return said % {"title": page.title}
    if path not in answers:
        answers[path] = page is not None or has_view(path) or page_led_to(path) is not None
    if answers[path]:
        return ""
    if table.exact(path) or next(table.by_patterns(path), None):
        return gettext("it leads to an address that leads on from here. Write where that leads.")
    return gettext("there is no page at %(address)s.") % {"address": path}


def page_led_to(path: str) -> Page | None:
    """The public page to which a redirect leads from there, such as when it was moved."""
    old_path = Redirect.normalise_path(path)
    redirect = Redirect.objects.filter(old_path=old_path, redirect_page__live=True).first()
    return redirect.redirect_page if redirect else None
