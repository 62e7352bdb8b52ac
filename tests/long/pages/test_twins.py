"""What tests/integration/pages/test_twins.py says, in more cases."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from pages.checks.running import run_checks
from pages.content.tree.twin_kinds import MINORITY_LANGUAGES
from tests.factories import (
    ArticlePageFactory,
    SectionPageFactory,
    ThreatLevelPageFactory,
    TopicFactory,
)
from tests.integration.pages import test_twins as first
from tests.integration.pages.test_twins import EARLIER, _changed, _draft, _list, _main, _page, _twin

original, level = first.original, first.level


@pytest.mark.parametrize("factory", [SectionPageFactory, ThreatLevelPageFactory])
def test_a_page_of_another_type_leads_to_its_twins_too(client, home, section, factory):
    original = factory(parent=section)
    easy = _twin(original, "lattlast", parent=section)
    assert f'href="{easy.url}" hreflang="sv">Lättläst</a>' in _main(client, original.url)


def test_an_ordinary_page_has_no_word_of_twins(client, original):
    assert 'class="twins' not in _page(client, original.url)


def test_a_change_of_the_same_day_counts_if_it_came_later(client, original):
    easy = _twin(original, "lattlast")
    _changed(original, EARLIER - timedelta(hours=1))
    assert "inte uppdaterad än" not in _page(client, easy.url)
    _changed(original, EARLIER + timedelta(minutes=1))
    assert "inte uppdaterad än" in _page(client, easy.url)


def test_a_minor_change_of_the_swedish_page_is_none(client, original):
    easy = _twin(original, "lattlast")
    original.title = "Vem skall jag ringa?"
    original.is_minor_change = True
    original.save_revision().publish()
    assert "inte uppdaterad än" not in _page(client, easy.url)
    original.title = "Vem ringer man?"
    original.is_minor_change = False
    original.save_revision().publish()
    assert "inte uppdaterad än" in _page(client, easy.url)


def test_yiddish_is_written_from_right_to_left(client, original):
    assert '<h1 id="rubrik" lang="yi" dir="rtl">' in _page(client, _twin(original, "yi").url)
    assert 'lang="yi" dir="rtl">ייִדיש</a>' in _main(client, original.url)


@pytest.mark.parametrize("kind", ["lattlast", "swl"])
def test_easy_swedish_and_the_words_about_a_film_are_swedish(client, original, kind):
    page = _page(client, _twin(original, kind).url)
    assert '<h1 id="rubrik">Sidan på' in page
    assert 'property="og:locale" content="sv_SE"' in page
    assert '"inLanguage": "sv"' in page
    assert re.findall(r'<link rel="alternate" hreflang="(\w+)"', page) == ["sv"]


def test_the_feed_of_a_topic_says_what_a_twin_is(client, original, home):
    topic = TopicFactory(slug="valet", locale=home.locale)
    easy = _twin(original, "lattlast", changed_on=date(2026, 11, 20))
    easy.page_topics.create(topic=topic, listed_on=date(2026, 11, 20))
    easy.save()
    assert "<category>Lättläst</category>" in client.get("/amnen/valet.rss").content.decode()


def test_the_list_of_minority_languages_says_which_have_nothing_yet(client, original, section):
    finnish = _twin(original, "fi", title="Kenelle soitan?")
    main = _main(client, _list(section, "minority").url)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
    assert "Finska Suomeksi Kenelle soitan?" in said
    assert said.count("Det finns ingen än.") == len(MINORITY_LANGUAGES) - 1
    assert '<span class="twin-list__own" lang="se">Davvisámegiella</span>' in main
    assert re.search(rf'lang="fi">\s*<a class="twin-list__link" href="{finnish.url}"', main)
    assert "Det finns ingen än." in _main(client, _list(section, "swl").url)


def test_a_section_lists_no_twin_beside_its_page(client, original, section):
    _twin(original, "lattlast", title="Ring så här")
    main = _main(client, section.url)
    assert "Vem ska jag ringa?" in main
    assert "Ring så här" not in main


def test_hits_in_another_language_are_marked_and_can_be_asked_for_alone(client, level):
    main = _main(client, "/sok/?q=terrorhotniv%C3%A5n")
    assert re.search(r'lang="fi">\s*<h3[^>]*><a href="[^"]*niva-fi/"', main)
    assert '<option value="sprak">Lättläst och andra språk (3)</option>' in main
    assert "niva-fi" in _main(client, "/sok/?q=terrorhotniv%C3%A5n&typ=sprak")


def test_what_a_twin_is_and_when_it_was_compared_is_read_by_who_confirms(
    client, original, editor, chief_editor
):
    draft = _draft(original, "fi", title="Kenelle soitan?")
    draft.save_revision(user=editor)
    client.force_login(editor)
    words = _page(client, reverse("newsdesk:send", args=["article", draft.pk]))
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words))
    assert "Sidan är på" in said
    assert "Finska" in said
    assert "Vem ska jag ringa? (/verksamheten/vem/)" in said
    assert "20 november 2026 kl. 10.00" in said


def test_a_twin_belongs_to_another_page_among_the_swedish_ones(original, english_home):
    for other in (english_home.page_ptr, original.page_ptr):
        original.twin_kind, original.twin_of = "lattlast", other
        with pytest.raises(ValidationError, match="Välj en annan sida"):
            original.refuse_faults()


def test_a_copy_of_a_twin_is_the_twin_of_nothing(original, section):
    copy = _twin(original, "fi").copy(to=section, update_attrs={"slug": "kopia"}, keep_live=False)
    assert (copy.twin_kind, copy.twin_of, copy.compared_at) == ("", None, None)


def test_whoever_confirms_is_told_that_the_swedish_page_is_newer(original):
    easy = _twin(original, "lattlast")
    assert "older_twin" not in [each.check for each in run_checks(easy)]
    _changed(original, datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    (found,) = [each for each in run_checks(easy) if each.check == "older_twin"]
    assert found.title == "Den vanliga sidan har ändrats sedan de jämfördes"
    assert found.why == "”Vem ska jag ringa?” ändrades den 26 november 2026. Läsarna får veta det."
    assert "no_topic" not in [each.check for each in run_checks(easy)]


def test_a_text_in_another_language_is_not_measured_as_swedish(original):
    words = "Turvallisuuspoliisi " * 120
    body = json.dumps([{"type": "prose", "value": f"<p>{words}.</p>", "id": "1"}])
    assert "readability" not in [
        each.check for each in run_checks(_twin(original, "fi", body=body))
    ]
    assert "readability" in [
        each.check for each in run_checks(_twin(original, "lattlast", body=body))
    ]


def test_the_report_is_for_those_who_write(client, no_editor):
    client.force_login(no_editor)
    assert client.get(reverse("twins_report")).status_code in (302, 403)


def test_a_draft_that_names_an_original_but_no_kind_is_shown_as_an_ordinary_page(original):
    draft = ArticlePageFactory(parent=original.get_parent(), title="Halvfärdig", twin_of=original)
    answer = draft.make_preview_request()
    assert answer.status_code == 200
    assert "twins__link" not in answer.content.decode()
