"""Words in another language: kept by the editor, the import and the register of partners."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from cooperation.models import Partner
from pages.content.blocks.text import ProseBlock
from pages.content.tree.spoken_languages import LANGUAGES
from tests.factories import PartnerFactory
from tests.tables import every_row
from tests.unit.pages.test_rich_text_lists import imported, saved

CTG = '<span lang="en">Counter-Terrorism Group</span>'


@pytest.mark.parametrize("code", LANGUAGES)
def test_language_of_words_is_there_after_the_text_was_opened_and_saved(code):
    direction = ' dir="rtl"' if code in ("ar", "fa", "yi") else ""
    html = f'<p>Vi säger <span{direction} lang="{code}">ord</span> så.</p>'
    again = re.sub(r'<span lang="(\w+)" dir="rtl">', r'<span dir="rtl" lang="\1">', saved(html))
    assert again == html


def test_words_in_a_link_and_in_bold_have_a_language():
    html = f'<p><a href="https://ctg.example/">{CTG}</a> och <b>{CTG}</b></p>'
    kept = saved(saved(html))
    assert kept.count('lang="en"') == 2
    assert 'href="https://ctg.example/"' in kept
    assert "<b>" in kept


def test_what_is_no_language_is_not_kept():
    assert saved('<p><span lang="x-evil">a</span> <span lang="tlh">b</span></p>') == "<p>a b</p>"


def test_readers_get_the_language():
    html = ProseBlock().render(ProseBlock().to_python(f"<p>{CTG} möts.</p>"))
    assert f"<p>{CTG} möts.</p>" in html


@every_row(
    ("html", "kept"),
    [
        ('<p>I <span lang="en-GB">Counter-Terrorism Group</span> möts vi.</p>',
         f"<p>I {CTG} möts vi.</p>"),
        ('<p>I<i lang="EN"> task force </i>möts vi.</p>',
         '<p>I <i><span lang="en">task force</span></i> möts vi.</p>'),
        ('<p><span lang="sv">Svenska</span> ord.</p>', "<p>Svenska ord.</p>"),
        ('<p><span lang="tlh">Qapla</span> ord.</p>', "<p>Qapla ord.</p>"),
    ],
)  # fmt: skip
def test_import_keeps_the_language_of_words(html, kept):
    assert imported(html).replace("</p><p>", "") == kept


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "heard"), [("sv", CTG), ("en", "Counter-Terrorism Group")])
def test_name_of_a_partner_is_heard_in_its_language(language, heard):
    partner = PartnerFactory(
        name="Counter-Terrorism Group", name_language="en", website="https://ctg.example/"
    )
    with translation.override(language):
        html = render_to_string("components/partner.html", {"partner": partner, "level": 3})
    assert re.search(rf'<h3 class="register__name">{re.escape(heard)}</h3>', html)
    assert html.count(heard) == 2  # and in the words of the link


@pytest.mark.django_db
def test_swedish_on_an_english_page_is_heard_as_swedish():
    partner = PartnerFactory(name="Polismyndigheten", description="Utreder brott.")
    with translation.override("en"):
        html = render_to_string("components/partner.html", {"partner": partner, "level": 3})
    assert '<span lang="sv">Polismyndigheten</span>' in html
    assert '<span lang="sv">Utreder brott.</span>' in html


@pytest.mark.django_db
def test_a_name_that_explains_an_abbreviation_keeps_its_language():
    PartnerFactory(name="Counter-Terrorism Group", name_language="en", abbreviation="CTG")
    PartnerFactory(name="Militära underrättelsetjänsten", abbreviation="Must")
    assert Partner.abbreviations("sv")["CTG"] == ("Counter-Terrorism Group", "en")
    assert Partner.abbreviations("en")["CTG"] == ("Counter-Terrorism Group", "")
    # "Must I be a citizen?" is no question about a partner.
    assert set(Partner.abbreviations("en")) == {"CTG"}
    assert set(Partner.abbreviations("sv")) == {"CTG", "Must"}


def test_the_button_of_the_editor_offers_the_languages_that_are_kept():
    script = Path("static/js/cms_languages.js").read_text()
    offered = dict(re.findall(r'^  (\w+): "(\w+)",$', script, re.MULTILINE))
    with translation.override("sv"):
        assert offered == {code: str(name).lower() for code, name in LANGUAGES.items()}
