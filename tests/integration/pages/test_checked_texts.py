"""Two hundred texts as the agency writes them: half of them clean, half with a fault that must be seen."""

from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from pages.checks.findings import Colour
from pages.checks.running import known_checks, run_checks
from pages.content.models import ArticlePage, Contact
from pages.newsroom.withdrawals import withdraw_page
from tests.factories import (
    AlertFactory,
    ArticlePageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    ThreatLevelDecisionFactory,
)

LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "checked_texts.tsv").read_text().splitlines()
    if not line.startswith("#")
]
TEXTS = [({*expected.split(",")} - {"-"}, where, words) for expected, where, words in LINES]
# At most one clean text in fifty may be stopped.
MOST_STOPPED = 0.02


@pytest.fixture
def site(section, admin) -> dict[str, Any]:
    """What the texts may lead to and show."""

    def page(slug, **more):
        return ArticlePageFactory(parent=section, title=slug, slug=slug, **more)

    withdrawn = page("borttagen")
    withdraw_page(withdrawn, "outdated", user=admin)
    contact = Contact(name="Jourhavande kommunikatör", live=False, locale=section.locale)
    contact.save()
    return {
        "section": section.pk,
        "public": page("artikel").pk,
        "draft": page("utkast", live=False).pk,
        "withdrawn": withdrawn.pk,
        "gone": 987654,
        "file": SiteDocumentFactory().pk,
        "gone file": 987654,
        "image": SiteImageFactory(),
        "entry": contact.pk,
        "parent": section,
    }


def _thing(site: dict[str, Any], where: str, words: str) -> Any:
    """An object with these words in this place, as it would be sent."""
    match where:
        case "alert":
            return AlertFactory.build(heading="Viktigt", text=words)
        case "level":
            return ThreatLevelDecisionFactory.build(text=words)
        case "contact":
            return Contact(name="Kontakt", text=words)
        case "title" | "slug" | "lead":
            return ArticlePageFactory.build(**{where: words})
    return ArticlePageFactory.build(body=[_block(site, where, words)])


def _block(site: dict[str, Any], where: str, words: str) -> dict[str, Any]:
    kind, value = _kind_and_value(site, where, words)
    return {"type": kind, "value": value, "id": "b" * 36}


def _kind_and_value(site: dict[str, Any], where: str, words: str) -> tuple[str, Any]:
    first, _, rest = words.partition("|")
    picture = {"image": site["image"].pk, "alt_text": "Två personer samtalar", "decorative": False}
    match where:
        case "prose":
            return "prose", f"<p>{words}</p>"
        case "heading":
            return "heading", {"text": words, "level": "h2"}
        case "quote":
            return "quote", {"text": words, "source": "", "role": ""}
        case "alt":
            return "figure", {"image": {**picture, "alt_text": first}, "caption": rest}
        case "caption":
            return "figure", {"image": picture, "caption": words}
        case "decorative":
            return "figure", {"image": {**picture, "alt_text": "", "decorative": True}}
        case "table":
            data = [row.split(",") for row in rest.split("|")]
            table = {"data": data, "table_caption": "Tabell", "table_header_choice": first}
            return "table", table
        case "entry":
            return "contact", site["entry"]
        case "link" if "file" in first:
            return "prose", f'<p><a linktype="document" id="{site[first]}">{rest}</a></p>'
        case "link" if first in site:
            return "prose", f'<p><a linktype="page" id="{site[first]}">{rest}</a></p>'
        case "link":
            link = {"type": "address", "value": {"address": first, "label": rest}}
            return "link_row", [link]
    raise AssertionError(where)


def _red(site: dict[str, Any], where: str, words: str) -> set[str]:
    found = run_checks(_thing(site, where, words))
    return {each.check for each in found if each.colour is Colour.RED}


def test_no_fault_is_missed_and_hardly_a_clean_text_is_stopped(site):
    missed, stopped = [], []
    for expected, where, words in TEXTS:
        found = _red(site, where, words)
        if expected - found:
            missed.append((expected - found, where, words))
        if found - expected:
            stopped.append((found - expected, where, words))
    clean = [each for each in TEXTS if not each[0]]
    assert missed == []
    assert len(stopped) <= len(clean) * MOST_STOPPED, stopped


def test_the_texts_are_two_hundred_and_have_each_red_fault():
    assert len(TEXTS) >= 200
    assert sum(not expected for expected, _where, _words in TEXTS) >= 100
    faults = Counter(name for expected, _where, _words in TEXTS for name in expected)
    red = {check.name for check in known_checks() if check.colour is Colour.RED}
    assert faults.keys() == red


def test_the_page_that_everybody_starts_with_has_no_red_finding(section):
    seed = Path(__file__).parent / "seed.txt"
    call_command("import_article", str(seed), parent="/verksamheten/", stdout=StringIO())
    page = ArticlePage.objects.get(title="Samarbete med andra").get_latest_revision_as_object()
    red = [each for each in run_checks(page) if each.colour is Colour.RED]
    assert [(each.title, each.words) for each in red] == []
