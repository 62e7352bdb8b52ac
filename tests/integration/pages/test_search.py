"""Search at /sok/, over what an editor has published."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from wagtail.models import Page
from wagtail.search.index import insert_or_update_object

from pages.models import ArticlePage, PageTopic, SectionPage
from pages.newsroom.keeping_public import deleting_for_good
from pages.search import backend, engine, ranking, tokens
from pages.search.view import search
from tests.factories import (
    ArticlePageFactory,
    CooperationPageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    PartnerFactory,
    SectionPageFactory,
    SiteDocumentFactory,
    TopicFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

GARBAGE = {
    "quotation mark": '"',
    "unbalanced quotation mark": 'hot "mot Sverige',
    "NUL": "\x00",
    "NUL in a word": "hot\x00bild",
    "blanks": " \t\n ",
    "no-break space": "\u00a0",
    "ten thousand characters": "säkerhet " * 1_200,
    "ten thousand letters": "å" * 10_000,
    "a thousand quotation marks": '"' * 1_000,
    "star": "*",
    "prefix star": "hot*",
    "AND": "AND",
    "OR NOT": "OR NOT AND",
    "NEAR(": "NEAR(hot sverige, 5",
    "unbalanced brackets": "((hot)",
    "braces": "{title} : hot",
    "column": "title:hot",
    "caret": "^hot",
    "plus and minus": "-hot +sverige",
    "backslash": "hot\\",
    "apostrophe": "' OR 1=1 --",
    "percent": "100 % %s %(a)s",
    "emoji": "🙂👩‍👩‍👧",
    "lone surrogate": "hot\ud83d",
    "not a character": "\uffff\ufdd0",
    "combining marks": "a\u0308" * 40,
    "right to left": "\u202eגבר",
    "markup": "<script>alert(1)</script>",
}
garbage = pytest.mark.parametrize("query", GARBAGE.values(), ids=GARBAGE)


@pytest.fixture
def news(home):
    return NewsIndexPageFactory(parent=home)


def publish(page, topics=()):
    """Publishes in the same steps as the CMS."""
    page.page_topics = [PageTopic(topic=topic) for topic in topics]
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def article(parent, title, *, lead="En kort ingress.", body="", topics=()):
    blocks = [("prose", f"<p>{body}</p>")] if body else []
    page = ArticlePageFactory(parent=parent, title=title, lead=lead, body=blocks, live=False)
    return publish(page, topics)


def article_with_file(parent, document, title="Filer"):
    blocks = [("file", {"file": document, "label": ""})]
    return publish(ArticlePageFactory(parent=parent, title=title, body=blocks, live=False))


def file(title="Årsbok", **fields):
    content = ContentFile(b"0" * 10, name="arsbok.pdf")
    return SiteDocumentFactory(title=title, file=content, **fields)


def topic(name, slug):
    return TopicFactory(name=name, slug=slug)


@pytest.fixture
def find(client):
    """Searches as a visitor and hands back the context of the answer."""

    def ask(query, *, language="", **filters):
        response = client.get(f"{language}/sok/", {"q": query, **filters})
        assert response.status_code == 200
        return response.context

    return ask


def titles(context):
    return [
        unescape(hit.title.replace("<mark>", "").replace("</mark>", ""))
        for hit in context["results"]
    ]


# Finding


def test_search_finds_a_word_of_the_title_the_lead_and_the_body(section, find):
    article(section, "Bevakning")
    article(section, "Två", lead="Om bevakning av byggnader.")
    article(section, "Tre", body="Här handlar det om bevakning.")

    assert sorted(titles(find("bevakning"))) == ["Bevakning", "Tre", "Två"]


def test_a_word_of_the_title_weighs_more_than_one_of_the_lead_and_that_more_than_the_body(
    section, find
):
    many = " ".join(["bevakning och annat som skrivs i en text"] * 6)
    article(section, "I texten", body=many)
    article(section, "I ingressen", lead="Om bevakning av byggnader.", body="Annan text. " * 20)
    article(section, "Bevakning", body="Annan text. " * 20)

    assert titles(find("bevakning")) == ["Bevakning", "I ingressen", "I texten"]


def test_search_is_right_about_swedish_letters(section, find):
    article(section, "Regionkontoret i Örnsköldsvik", lead="Åtta år på ön.")

    for query in ("regionkontoret örnsköldsvik", "ÖRNSKÖLDSVIK", "ornskoldsvik", "åtta år", "ön"):
        assert titles(find(query)) == ["Regionkontoret i Örnsköldsvik"], query
    assert titles(find("O\u0308rnsko\u0308ldsvik")) == ["Regionkontoret i Örnsköldsvik"]


def test_a_word_typed_with_or_without_dots_is_marked_as_it_is_written(section, find):
    article(section, "Säkerhetsskydd", body="Så fungerar säkerhetsskyddet hos oss.")

    (hit,) = find("sakerhetsskydd")["results"]

    assert hit.title == "<mark>Säkerhetsskydd</mark>"
    assert "<mark>säkerhetsskyddet</mark>" in hit.excerpt


def test_the_last_word_may_be_the_beginning_of_one(section, find):
    article(section, "Kontraspionage", lead="Främmande makt i Sverige.")

    assert titles(find("sverige kontrasp"))[0] == "Kontraspionage"
    assert titles(find("främm")) == ["Kontraspionage"]


def test_another_form_of_the_words_is_found_when_nothing_has_them_to_the_letter(section, find):
    article(section, "Föreningar", lead="Myndigheten möter spioner.")

    assert titles(find("föreningarnas myndigheters spionen")) == ["Föreningar"]


def test_an_abbreviation_is_not_the_beginning_of_other_words(section, find):
    article(section, "Framtiden", body="Från och med nu, framåt.")
    article(section, "Samarbete", body="Försvarets radioanstalt (FRA) hjälper till.")

    assert titles(find("FRA")) == ["Samarbete"]
    assert titles(find("fra"))[0] == "Samarbete"


def test_pages_with_all_words_come_before_those_with_some_of_them_and_it_says_so(
    client, section, find
):
    article(section, "Hotet mot Sverige", body="Om spioner.")
    article(section, "Spioner")
    article(section, "Annat")

    assert titles(find("spioner sverige"))[:2] == ["Hotet mot Sverige", "Spioner"]
    assert "Annat" not in titles(find("spioner sverige"))
    html = client.get("/sok/", {"q": "spioner sverige"}).content.decode()
    assert "1 sida har alla orden. De andra har några av dem." in html
    html = client.get("/sok/", {"q": "spioner finland"}).content.decode()
    assert "Ingen sida har alla orden. De här har några av dem." in html


def test_a_question_in_a_whole_sentence_finds_the_page_that_answers(section, find):
    article(section, "Registerkontroll", body="Du måste säga ja.")
    article(section, "Annat")

    assert titles(find("Hur lång tid tar en registerkontroll?"))[0] == "Registerkontroll"


def test_words_in_quotes_have_to_stand_in_a_row(client, section, find):
    article(section, "Rätt", body="Det är olovlig underrättelseverksamhet mot person.")
    article(section, "Fel", body="En person driver underrättelseverksamhet som är olovlig.")

    assert titles(find('"olovlig underrättelseverksamhet"')) == ["Rätt"]
    for other_form_or_order in ('"olovliga underrättelseverksamheten"', '"person olovlig"'):
        html = client.get("/sok/", {"q": other_form_or_order}).content.decode()
        assert "Ingen sida har orden i följd. De här har orden var för sig." in html


@pytest.mark.parametrize(
    "typed",
    ["23 maj 2025", "2025-05-23", "23/5 2025", "23.5.2025", "den 23:e maj 2025", "maj 2025"],
)
def test_a_date_finds_what_is_from_that_day_in_any_writing(news, find, typed):
    for day in (date(2025, 5, 23), date(2024, 5, 23)):
        title = f"Nyhet från {day.year}"
        publish(NewsPageFactory(parent=news, title=title, published_on=day, live=False))

    assert titles(find(typed))[0] == "Nyhet från 2025"


@pytest.mark.parametrize(
    "typed",
    ["010-568 70 00", "0105687000", "010 568 70 00", "+46 10 568 70 00", "+46105687000",
     "+46 (0)10 568 70 00"],
)  # fmt: skip
def test_a_telephone_number_is_found_in_any_writing(section, find, typed):
    article(section, "Kontakt", body="Ring oss på 010-568 70 00.")
    article(section, "Annat", body="Ring 114 14.")

    assert titles(find(typed)) == ["Kontakt"]


@pytest.mark.parametrize("typed", ["2018:585", "SFS 2018:585", "lag 2018:585"])
def test_a_law_is_found_by_its_number(section, find, typed):
    article(section, "Lagar", body="Säkerhetsskyddslag (2018:585).")
    article(section, "År 2018", body="Det hände 585 gånger.")

    assert titles(find(typed))[0] == "Lagar"


def test_a_guide_comes_before_old_news_unless_news_are_asked_for(section, news, find):
    article(section, "Råd om resor", body="Om resor i tjänsten.")
    publish(
        NewsPageFactory(
            parent=news, title="Nya råd om resor", published_on=date(2016, 1, 1), live=False
        )
    )

    assert titles(find("råd resor"))[0] == "Råd om resor"
    assert titles(find("nyhet råd resor"))[0] == "Nya råd om resor"


def test_words_of_the_other_language_find_its_pages_and_it_says_so(
    client, section, english_home, find
):
    article(section, "Spioneri")
    article(english_home, "Counter-espionage", lead="Espionage is a crime.")

    assert titles(find("espionage")) == ["Counter-espionage"]
    html = client.get("/sok/", {"q": "espionage"}).content.decode()
    assert "Inga sidor på svenska har orden. De här är på engelska." in html
    assert '<div class="entry__words" lang="en">' in html


def test_words_of_every_block_are_found(section, find):
    page = ArticlePageFactory(parent=section, title="Alla block", live=False)
    page.body = [
        ("heading", {"text": "Mellanrubriken", "level": "h2"}),
        ("fact_box", {"heading": "Faktarutan", "text": "<p>Rutans text</p>", "tone": "warning"}),
        ("quote", {"text": "Citatet", "source": "Källan", "role": "Rollen"}),
        (
            "accordion",
            {"heading": "Dragspelet", "items": [{"question": "Frågan", "answer": "<p>Svaret</p>"}]},
        ),
        (
            "table",
            {
                "data": [["Rubrikcell", "B"], ["C", "Sistacellen"]],
                "cell": [],
                "table_caption": "Tabelltexten",
                "table_header_choice": "row",
            },
        ),
    ]
    publish(page)

    for word in (
        "Mellanrubriken", "Faktarutan", "Rutans", "Citatet", "Källan", "Dragspelet", "Frågan",
        "Svaret", "Rubrikcell", "Sistacellen", "Tabelltexten",
    ):  # fmt: skip
        assert titles(find(word)) == ["Alla block"], word
    assert titles(find("warning")) == titles(find("varning")) == []


def test_an_article_is_found_by_a_partner_named_in_it(section, find):
    article(section, "Samarbete med andra", body="Vi arbetar med Ekobrottsmyndigheten.")
    article(section, "Annat")

    assert titles(find("ekobrottsmyndigheten")) == ["Samarbete med andra"]


def test_a_cooperation_page_is_found_by_a_partner_of_the_register(section, find):
    CooperationPageFactory(parent=section)
    partner = PartnerFactory(name="Försvarets radioanstalt", abbreviation="FRA")
    assert titles(find("radioanstalt")) == titles(find("FRA")) == ["Samarbete med andra"]

    with deleting_for_good("a test"):
        partner.delete()
    assert titles(find("radioanstalt")) == []


def test_an_article_is_found_by_the_name_of_its_topic(section, find):
    article(section, "Terrorism i Europa", topics=[topic("Kontraterrorism", "kontraterrorism")])

    assert titles(find("kontraterrorism")) == ["Terrorism i Europa"]


def test_a_renamed_topic_is_found_by_its_new_name(section, find):
    named = topic("Spaning", "spaning")
    article(section, "Artikel", topics=[named])
    named.name = "Kontraspionage"
    named.save()

    assert titles(find("kontraspionage")) == ["Artikel"]
    assert titles(find("spaning")) == []


# What may be found


def test_a_draft_is_not_found(section, find):
    page = ArticlePageFactory(parent=section, title="Hemligt utkast", live=False)
    page.save_revision()

    assert titles(find("hemligt")) == []


def test_a_change_is_found_when_it_is_published_and_not_before(section, find):
    page = article(section, "Gammal rubrik", body="Gammal text.")

    page.title, page.body = "Ny rubrik", [("prose", "<p>Ny text om skärgården.</p>")]
    revision = page.save_revision()
    assert titles(find("skärgården")) == []
    assert titles(find("gammal")) == ["Gammal rubrik"]

    revision.publish()
    assert titles(find("skärgården")) == ["Ny rubrik"]
    assert titles(find("gammal")) == []


def test_a_withdrawn_page_is_not_found_until_it_is_published_again(section, find):
    page = article(section, "Tillfällig sida")
    page.unpublish()
    assert titles(find("tillfällig")) == []

    page.save_revision().publish()
    assert titles(find("tillfällig")) == ["Tillfällig sida"]


def test_a_deleted_page_is_not_found(section, find):
    page = article(section, "Bortglömd")
    with deleting_for_good("a test"):
        page.delete()

    assert titles(find("bortglömd")) == []
    assert find("bortglömd")["total"] == 0


def test_pages_below_a_deleted_section_are_not_found(home, find):
    section = SectionPageFactory(parent=home, title="Avdelning")
    article(section, "Underliggande")
    with deleting_for_good("a test"):
        SectionPage.objects.get(pk=section.pk).delete()

    assert titles(find("underliggande")) == []


def test_a_moved_page_is_found_at_its_new_address(home, section, find):
    page = article(section, "Flyttad")
    other = SectionPageFactory(parent=home, title="Annan plats", slug="annan-plats")
    page.move(other, pos="last-child")

    (hit,) = find("flyttad")["results"]
    assert hit.url == "/annan-plats/flyttad/"


def test_each_language_finds_its_own_pages(section, english_home, find):
    article(section, "Europol på svenska", body="Europol")
    article(english_home, "Europol in English", body="Europol")

    assert titles(find("europol")) == ["Europol på svenska"]
    assert titles(find("europol", language="/en")) == ["Europol in English"]


def test_a_page_outside_the_site_is_not_found(section, find):
    SectionPageFactory(parent=Page.get_first_root_node(), title="Vid sidan av")

    assert titles(find("sidan")) == []


def test_each_language_finds_its_own_pages_after_the_start_pages_have_been_sorted(
    home, english_home, find
):
    article(home, "Europol på svenska", body="Europol")
    article(english_home, "Europol in English", body="Europol")
    Page.objects.get(pk=english_home.pk).move(home, pos="left")

    assert titles(find("europol")) == ["Europol på svenska"]
    assert titles(find("europol", language="/en")) == ["Europol in English"]


def test_what_is_moved_to_beside_the_start_page_is_not_found(home, section, find):
    article(home, "Under startsidan")
    article(section, "Vid sidan av startsidan")
    Page.objects.get(pk=section.pk).move(home, pos="left")

    assert titles(find("startsidan")) == ["Under startsidan"]


# Files


def test_a_file_is_found_with_its_type_and_size(section, find):
    document = file(description="Läget i Sverige under året.")
    article_with_file(section, document)

    (hit,) = find("årsbok")["results"]

    assert hit.title == "<mark>Årsbok</mark>"
    assert hit.url == document.url
    assert hit.note.replace("\xa0", " ") == "pdf, 10 byte"
    assert hit.kind_label == "Fil"
    assert hit.excerpt == "Läget i Sverige under året."
    assert titles(find("läget")) == ["Årsbok"]


def test_a_file_is_found_only_while_a_published_page_refers_to_it(section, find):
    document = file()
    assert titles(find("årsbok")) == []

    page = article_with_file(section, document)
    assert titles(find("årsbok")) == ["Årsbok"]

    page.unpublish()
    assert titles(find("årsbok")) == []


def test_a_file_linked_in_a_text_is_found(section, find):
    document = file()
    article(section, "Länkar", body=f'<a linktype="document" id="{document.pk}">Läs den</a>')

    assert titles(find("årsbok")) == ["Årsbok"]


def test_a_file_of_a_draft_is_not_found(section, find):
    document = file()
    page = article(section, "Sida")
    page.body = [("file", {"file": document, "label": ""})]
    page.save_revision()

    assert titles(find("årsbok")) == []


def test_pages_and_files_are_ranked_together(section, find):
    article(section, "Annat", body="I vår årsbok står mer, och mycket annat. " + "Text. " * 40)
    article(section, "Läs vår årsbok")
    article_with_file(section, file(title="Årsbok 2026"))

    found = titles(find("årsbok"))

    assert set(found[:2]) == {"Årsbok 2026", "Läs vår årsbok"}
    assert found[2] == "Annat"


# Filters


@pytest.fixture
def mixed(section, news):
    subject = topic("Kontraterrorism", "kontraterrorism")
    topic("Säkerhetsskydd", "sakerhetsskydd")
    article(section, "Artikel om terrorism", topics=[subject])
    article(section, "Annan artikel om terrorism")
    NewsPageFactory(parent=news, title="Pressmeddelande om terrorism", kind="press_release")
    article_with_file(section, file(title="Rapport om terrorism"))
    return subject


def test_kinds_are_counted_and_narrow_the_search(mixed, find):
    everything = find("terrorism")
    assert everything["total"] == 4
    assert [(kind["value"], kind["count"]) for kind in everything["kinds"]] == [
        ("artiklar", 2), ("nyheter", 1), ("filer", 1), ("sprak", 0),
    ]  # fmt: skip

    assert titles(find("terrorism", typ="filer")) == ["Rapport om terrorism"]
    assert titles(find("terrorism", typ="nyheter")) == ["Pressmeddelande om terrorism"]
    narrowed = find("terrorism", typ="artiklar")
    assert narrowed["total"] == 2
    assert narrowed["selected_kind"] == "artiklar"
    assert [kind["is_selected"] for kind in narrowed["kinds"]] == [True, False, False, False]
    assert [kind["count"] for kind in narrowed["kinds"]] == [2, 1, 1, 0]


def test_a_topic_narrows_the_search(mixed, find):
    context = find("terrorism", amne="kontraterrorism")

    assert titles(context) == ["Artikel om terrorism"]
    assert context["selected_topic"] == "kontraterrorism"
    assert [(each["slug"], each["count"], each["is_selected"]) for each in context["topics"]] == [
        ("kontraterrorism", 1, True)
    ]


def test_topics_are_offered_where_something_found_carries_them(mixed, section, find):
    article(section, "Terrorism igen", topics=[topic("Extremism", "extremism"), mixed])

    offered = find("terrorism")["topics"]
    assert [(each["slug"], each["count"]) for each in offered] == [
        ("extremism", 1), ("kontraterrorism", 2),
    ]  # fmt: skip
    assert [each["slug"] for each in find("terrorism", typ="nyheter")["topics"]] == []


def test_unknown_filters_are_as_good_as_none(mixed, find):
    context = find("terrorism", amne="finns-inte", typ='"', sida="åtta")

    assert context["total"] == 4
    assert context["selected_topic"] == context["selected_kind"] == ""


# What the list shows


def test_a_hit_says_what_kind_of_page_it_is_and_its_date(section, news, find):
    page = article(section, "Artikel om skuggning")
    NewsPageFactory(parent=news, title="Nyhet om skuggning", kind="press_release")

    hits = {hit.kind_label: hit for hit in find("skuggning")["results"]}

    assert hits["Pressmeddelande"].date == date(2026, 11, 20)
    (other,) = (hit for kind, hit in hits.items() if kind != "Pressmeddelande")
    assert other.date == ArticlePage.objects.get(pk=page.pk).changed_on
    assert other.url == "/verksamheten/artikel-om-skuggning/"


def test_the_excerpt_is_taken_around_the_words(section, find):
    article(
        section,
        "Lång artikel",
        body="Inledande ord som handlar om annat. " * 20
        + "Här nämns skärgården vid namn. "
        + "Avslutande ord. " * 20,
    )

    (hit,) = find("skärgården")["results"]

    assert "Här nämns <mark>skärgården</mark> vid namn." in hit.excerpt
    assert hit.excerpt.startswith("… ")
    assert hit.excerpt.endswith(" …")
    assert len(hit.excerpt) < 300


def test_without_the_words_in_its_text_a_hit_shows_its_lead(section, find):
    article(
        section, "Skärgården", lead="Vad vi gör till havs.",
        topics=[topic("Kontraspionage", "kontraspionage")],
    )  # fmt: skip

    assert [hit.excerpt for hit in find("skärgården")["results"]] == ["Vad vi gör till havs."]
    assert [hit.excerpt for hit in find("kontraspionage")["results"]] == ["Vad vi gör till havs."]


def test_markup_in_titles_and_texts_is_shown_and_not_obeyed(section, find):
    article(section, "<b>Fet</b> & <script>alert('hot')</script>", lead="1 < 2 & 'hot' > \"ja\"")

    (hit,) = find("hot")["results"]

    assert hit.title == (
        "&lt;b&gt;Fet&lt;/b&gt; &amp; &lt;script&gt;alert(&#x27;<mark>hot</mark>&#x27;)"
        "&lt;/script&gt;"
    )
    assert hit.excerpt == "1 &lt; 2 &amp; &#x27;<mark>hot</mark>&#x27; &gt; &quot;ja&quot;"


def test_a_query_cannot_inject_markup(client, section):
    article(section, "Script-alert")

    response = client.get("/sok/", {"q": "<script>alert"})

    assert response.context["total"] == 1
    assert "<script>alert" not in response.content.decode()


def test_results_come_ten_at_a_time(section, find):
    for number in range(23):
        article(section, f"Övning {number}")

    first, last, beyond = (find("övning", sida=number) for number in (1, 3, 99))

    assert first["total"] == 23
    assert len(first["results"]) == 10
    assert first["results"].paginator.num_pages == 3
    assert len(last["results"]) == 3
    assert titles(beyond) == titles(last)
    assert not set(titles(first)) & set(titles(last))


def test_no_more_than_the_best_are_looked_at(client, section, monkeypatch):
    monkeypatch.setattr(ranking, "MOST_FOUND", 3)
    for number in range(5):
        article(section, f"Övning {number}", body="Övning. " * number)

    response = client.get("/sok/", {"q": "övning"})

    assert response.context["total"] == 3
    assert "Fler än 3 träffar på ”övning”" in " ".join(response.content.decode().split())
    assert "Artiklar och andra sidor (3+)" in response.content.decode()


@pytest.mark.parametrize("by_relevance", [True, False])
def test_an_editor_finds_what_lies_in_a_section_however_much_is_newer_elsewhere(
    home, section, english_home, monkeypatch, by_relevance
):
    monkeypatch.setattr(backend, "_MOST_FOUND", 3)
    other = SectionPageFactory(parent=home, title="Annan plats", slug="annan-plats")
    sought = [article(other, "En övning"), article(other, "Efteråt", body="En övning.")]
    english = article(english_home, "Övning")
    for number in range(4):
        article(section, f"Övning {number}")

    def found(pages, words="övning"):
        return [page.title for page in pages.search(words, order_by_relevance=by_relevance)]

    there = Page.objects.descendant_of(other).order_by("path")
    assert found(there) == ["En övning", "Efteråt"]
    assert found(there, "en övn") == ["En övning"]
    assert found(Page.objects.filter(locale=english.locale)) == ["Övning"]
    assert found(Page.objects.filter(pk__in=[page.pk for page in sought]).not_live()) == []
    assert found(Page.objects.filter(pk__in=[])) == []
    assert len(found(Page.objects.all())) == 3


def news_of(index, *days_ago):
    for number, days in enumerate(days_ago):
        day = localdate() - timedelta(days=days)
        title = f"Övning {number}"
        publish(NewsPageFactory(parent=index, title=title, published_on=day, live=False))


@pytest.mark.parametrize("most", [2, 3, 4])
def test_of_what_is_alike_the_newest_comes_first_however_old(news, find, monkeypatch, most):
    monkeypatch.setattr(ranking, "MOST_FOUND", most)
    news_of(news, 9000, 200, 0, 3000, 12000)

    assert titles(find("övning")) == ["Övning 2", "Övning 1", "Övning 3", "Övning 0"][:most]


def test_of_a_word_that_is_everywhere_no_more_than_the_recent_is_sorted(news):
    news_of(news, *[0] * 5, *[3000] * 20)
    with CaptureQueriesContext(connection) as asked:
        found = engine.public.newest(tokens.exact(tokens.Where.TITLE, "övning"), 5)

    assert len(found) == 5
    (query,) = [each["sql"] for each in asked]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # stops at the last one wanted
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            assert not [step for *_numbers, step in cursor.fetchall() if "TEMP B-TREE" in step]
            return
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query.partition('; ')[2]}")
        plan = cursor.fetchone()[0][0]["Plan"]
    recent, older = sorted(_heap_scans(plan), key=lambda scan: -scan["Actual Loops"])
    assert recent["Actual Rows"] == 5
    assert older["Actual Loops"] == 0


def test_for_no_word_of_a_question_all_words_of_the_site_are_read(section, find):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows how many words each index would leave to read")
    article(section, "Övning", body="Hemliga uppgifter lämnas till främmande makt.")
    with CaptureQueriesContext(connection) as asked:
        find("vad gör vi när någon lämnar hemliga uppgifter om övningen till främmande makt")
    (query,) = [each["sql"] for each in asked if "UNION ALL" in each["sql"]]

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        steps = [step for *_numbers, step in cursor.fetchall() if "pages_searchword" in step]

    assert len(steps) > 20
    assert [step for step in steps if "(language=? AND" not in step] == []


def _heap_scans(plan):
    """Where a plan of PostgreSQL reads rows of the table."""
    if plan["Node Type"] == "Bitmap Heap Scan":
        yield plan
    for part in plan.get("Plans", ()):
        yield from _heap_scans(part)


def test_the_page_shows_hits_with_marks_and_leads_on(client, section):
    for number in range(11):
        article(section, f"Säkerhetsskydd {number}")
    article_with_file(section, file(title="Vägledning i säkerhetsskydd"))

    html = client.get("/sok/", {"q": "säkerhetsskydd", "sida": "1"}).content.decode()

    assert '<meta name="robots" content="noindex, follow">' in html
    assert "<mark>Säkerhetsskydd</mark> 10" in html
    assert 'href="/verksamheten/sakerhetsskydd-10/"' in html
    assert "q=s%C3%A4kerhetsskydd&amp;sida=2" in html


@pytest.mark.parametrize("page", ["0", "-1", "två", "9" * 5_000, "\x00", ""])
def test_a_page_that_does_not_exist_is_the_nearest_one(section, find, page):
    article(section, "Övning")

    assert titles(find("övning", sida=page)) == ["Övning"]


def test_no_result_page_is_to_be_indexed(section, find):
    article(section, "Övning")

    for query in ("övning", "finns inte", ""):
        assert find(query)["robots"] == "noindex, follow"


def test_a_shared_cache_may_not_keep_the_answer(client, home):
    cache_control = client.get("/sok/", {"q": "hot"}).headers["Cache-Control"]

    assert "private" in cache_control
    assert "no-cache" in cache_control


def test_search_is_only_read(client, home):
    assert client.post("/sok/", {"q": "hot"}).status_code == 405


# Nothing found


def test_an_empty_search_asks_for_nothing(home, find):
    context = find("")

    assert (context["query"], context["total"], context["suggestions"]) == ("", 0, [])


def test_where_nothing_is_found_other_ways_are_suggested(section, news, find):
    article(section, "Europol")

    context = find("europol", typ="nyheter")

    suggested = [(each.title, each.url) for each in context["suggestions"]]
    assert context["total"] == 0
    assert suggested[0][1] == "/sok/?q=europol"
    assert suggested[1:] == [
        ("Verksamheten", "/verksamheten/"),
        ("Nyheter", "/nyheter/"),
    ]


# Garbage


@garbage
def test_whatever_is_typed_the_answer_is_a_page(client, section, query):
    article(section, "Hot mot Sverige", body="Säkerhet")

    response = client.get("/sok/", {"q": query.encode("utf-8", "surrogatepass")})

    assert response.status_code == 200
    assert len(response.context["query"]) <= 200


@garbage
def test_what_cannot_come_by_address_does_no_harm_either(rf, home, query):
    request = rf.get("/sok/")
    request.GET = request.GET.copy()
    request.GET["q"] = query

    response = search(request)

    assert response.status_code == 200
    assert response.content.decode()


CMS_SEARCHES = [
    "wagtailadmin_api:pages:listing",
    "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_search",
    "wagtailadmin_explore_root",
    "wagtailadmin_pages:search",
    "wagtaildocs:index",
    "wagtaildocs_chooser:choose_results",
    "wagtailimages:index",
    "wagtailimages_chooser:choose_results",
    "wagtailsnippetchoosers_pages_contact:choose_results",
    "wagtailsnippets_cooperation_partner:list",
    "wagtailsnippets_pages_redirection:list",
    "wagtailsnippets_pages_topic:list",
    "wagtailusers_users:index",
]


@pytest.mark.parametrize("search_of_the_cms", CMS_SEARCHES)
def test_whatever_an_editor_types_no_search_of_the_cms_fails(
    client, admin, section, search_of_the_cms
):
    article(section, "Hot mot Sverige", body="Säkerhet")
    client.force_login(admin)
    parameter = "search" if "api" in search_of_the_cms else "q"

    for name, query in GARBAGE.items():
        typed = query.encode("utf-8", "surrogatepass")
        response = client.get(reverse(search_of_the_cms), {parameter: typed})
        assert response.status_code == 200, name


def test_the_cms_finds_what_it_is_asked_for(client, admin, section):
    article(section, "Hot mot Sverige", lead="Läget i världen.")
    client.force_login(admin)

    for typed in ("hot", "svER", 'hot "mot sverige"', "läget"):
        response = client.get(reverse("wagtailadmin_pages:search"), {"q": typed})
        assert "Hot mot Sverige" in response.content.decode(), typed
    nothing = client.get(reverse("wagtailadmin_pages:search"), {"q": "*("})
    assert "Hot mot Sverige" not in nothing.content.decode()


# Work


def test_the_number_of_queries_does_not_grow_with_the_hits(
    client, section, news, django_assert_max_num_queries
):
    subjects = [topic(f"Ämne {number}", f"amne-{number}") for number in range(4)]

    def fill(count, offset):
        for number in range(offset, offset + count):
            article(section, f"Övning {number}", topics=subjects, body="Text om övning. " * 5)
            NewsPageFactory(parent=news, title=f"Övning i nyhet {number}")
            article_with_file(section, file(title=f"Övning i fil {number}"), title=f"Sida {number}")

    fill(1, 0)
    client.get("/sok/", {"q": "övning"})
    with django_assert_max_num_queries(15) as queries:
        client.get("/sok/", {"q": "övning"})
    few = len(queries)
    fill(6, 1)
    client.get("/sok/", {"q": "övning"})
    with django_assert_max_num_queries(few):
        response = client.get("/sok/", {"q": "övning"})

    assert response.context["total"] == 21


def test_an_answer_that_finds_nothing_takes_few_queries(
    client, section, django_assert_max_num_queries
):
    article(section, "Artikel")
    client.get("/sok/", {"q": "ett två tre fyra finns inte"})

    with django_assert_max_num_queries(24):
        client.get("/sok/", {"q": "ett två tre fyra finns inte", "typ": "filer"})


# The index


def test_an_index_built_anew_answers_as_before(section, find):
    page = article(section, "Övning", topics=[topic("Säkerhetsskydd", "sakerhetsskydd")])
    before = titles(find("säkerhetsskydd"))

    insert_or_update_object(page)

    assert titles(find("säkerhetsskydd")) == before
    assert before[0] == "Övning"
