"""Two hundred texts as the agency writes them: half of them clean, half with a fault that must be seen."""

from collections import Counter, defaultdict
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Locale

from pages.checks.findings import Colour
from pages.checks.running import KNOWN_CHECKS, run_checks
from pages.content.models import ArticlePage, Contact
from pages.newsroom.withdrawals import withdraw_page
from tests.factories import (
    AlertFactory,
    ArticlePageFactory,
    NewsPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    ThreatLevelDecisionFactory,
)


def _texts_in(name: str) -> list[tuple[set[str], str, str]]:
    lines = (Path(__file__).parent / name).read_text().splitlines()
    parts = (line.split("\t") for line in lines if not line.startswith("#"))
    return [({*expected.split(",")} - {"-"}, where, words) for expected, where, words in parts]


TEXTS = _texts_in("checked_texts.tsv")
# Of these, what is amber is asked for too.
PUBLISHED = _texts_in("published_texts.tsv")
MOST_MISSED = 0.03
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
        "english": Locale.objects.get_or_create(language_code="en")[0],
    }


def _thing(site: dict[str, Any], where: str, words: str) -> Any:
    """An object with these words in this place, as it would be sent."""
    if where.startswith("en "):
        page = _thing(site, where.removeprefix("en "), words)
        page.locale = site["english"]
        if where != "en title":
            page.title = "Our work against sabotage"
        if where not in ("en lead", "en slug"):
            page.lead = "What we do to protect the country, and what you can do."
        return page
    match where:
        case "alert":
            return AlertFactory.build(heading="Viktigt", text=words)
        case "decision":
            return ThreatLevelDecisionFactory.build(text=words)
        case "contact":
            return Contact(name="Kontakt", text=words)
        case "title" | "slug" | "lead":
            return ArticlePageFactory.build(**{where: words})
        case "invitation":
            body = [_block(site, "prose", words)]
            return NewsPageFactory.build(title="Årsbok", kind="press_invitation", body=body)
        case "level":
            steps = words.split("|")
            pairs = zip(steps[::2], steps[1::2], strict=True)
            return ArticlePageFactory.build(
                body=[("heading", {"level": level, "text": text}) for level, text in pairs]
            )
        case "rich":
            return ArticlePageFactory.build(body=[("prose", words)])
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


def test_of_two_hundred_public_texts_hardly_one_is_missed_of_a_kind_or_stopped_without_a_fault(
    site,
):
    missed, stopped = defaultdict(list), []
    for expected, where, words in PUBLISHED:
        found = run_checks(_thing(site, where, words))
        for name in expected - {each.check for each in found}:
            missed[name].append((where, words))
        red = {each.check for each in found if each.colour is Colour.RED} - expected
        if not expected and red:
            stopped.append((red, where, words))
    kinds = Counter(name for expected, _where, _words in PUBLISHED for name in expected)
    too_many = {
        name: each for name, each in missed.items() if len(each) > kinds[name] * MOST_MISSED
    }
    assert too_many == {}
    assert len(stopped) <= sum(not each[0] for each in PUBLISHED) * MOST_STOPPED, stopped


def test_the_texts_are_two_hundred_and_have_each_red_fault():
    assert len(TEXTS) >= 200
    assert sum(not expected for expected, _where, _words in TEXTS) >= 100
    faults = Counter(name for expected, _where, _words in TEXTS + PUBLISHED for name in expected)
    red = {check.name for check in KNOWN_CHECKS if check.colour is Colour.RED}
    assert red <= faults.keys()


def test_the_page_that_everybody_starts_with_has_no_red_finding(section):
    seed = Path(__file__).parent / "seed.txt"
    call_command("import_pages", str(seed), parent="/verksamheten/", stdout=StringIO())
    page = ArticlePage.objects.get(title="Samarbete med andra").get_latest_revision_as_object()
    red = [each for each in run_checks(page) if each.colour is Colour.RED]
    assert [(each.title, each.words) for each in red] == []
