"""What readers and programs come to first when something has happened."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from pages.content.models import ThreatLevelPage
from pages.content.tree.addresses import address_of

_START, _SECTIONS = 2, 3  # how deep they lie in the tree
_IN_BOTH_LANGUAGES = ("threat_level_json", "messages_json")
_IN_EACH_LANGUAGE = ("threat_level_atom", "messages_atom")


def first_addresses() -> Iterator[str]:
    """Start pages, level pages and sections in all languages, and what programs read."""
    levels = ThreatLevelPage.objects.live().order_by().values_list("url_path", flat=True)
    pages = Page.objects.live().filter(
        Q(depth=_START) | Q(depth=_SECTIONS, show_in_menus=True)
    ).order_by("depth", "path").values_list("url_path", flat=True)  # fmt: skip
    for url_path in (*pages.filter(depth=_START), *levels):
        if address := address_of(url_path):
            yield address
    yield from for_machines()
    for url_path in pages.filter(depth=_SECTIONS):
        if address := address_of(url_path):
            yield address


def for_machines() -> Iterator[str]:
    """The addresses of levels and messages for other programs.

    What holds both languages in one lies there once, though it has an address in each.
    """
    with translation.override(settings.LANGUAGE_CODE):
        yield from [reverse(f"pages:{name}") for name in _IN_BOTH_LANGUAGES]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield from [reverse(f"pages:{name}") for name in _IN_EACH_LANGUAGE]
