"""Search at /sok/, over what an editor has published."""

from datetime import date
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from pages.content.models import ArticlePage, PageTopic
from tests.factories import (
    ArticlePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
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


def test_the_last_word_may_be_the_beginning_of_one(section, find):
    article(section, "Kontraspionage", lead="Främmande makt i Sverige.")

    assert titles(find("sverige kontrasp"))[0] == "Kontraspionage"
    assert titles(find("främm")) == ["Kontraspionage"]


def test_another_form_of_the_words_is_found_when_nothing_has_them_to_the_letter(section, find):
    article(section, "Föreningar", lead="Myndigheten möter spioner.")

    assert titles(find("föreningarnas myndigheters spionen")) == ["Föreningar"]


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


def test_a_telephone_number_is_found_in_any_writing(section, find):
    article(section, "Kontakt", body="Ring oss på 010-568 70 00.")
    article(section, "Annat", body="Ring 114 14.")

    for typed in ["010-568 70 00", "0105687000", "010 568 70 00", "+46 10 568 70 00", "+46105687000",
         "+46 (0)10 568 70 00"]:  # fmt: skip
        assert titles(find(typed)) == ["Kontakt"]


def test_a_law_is_found_by_its_number(section, find):
    article(section, "Lagar", body="Säkerhetsskyddslag (2018:585).")
    article(section, "År 2018", body="Det hände 585 gånger.")

    for typed in ["2018:585", "SFS 2018:585", "lag 2018:585"]:
        assert titles(find(typed))[0] == "Lagar"


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
        ("numerals", {"layout": "margin", "numerals": [
            {"before": "Drygt", "number": "1914", "text": "Byrån", "source": "Krönikan"}]}),
    ]  # fmt: skip
    publish(page)

    for word in (
        "Mellanrubriken", "Faktarutan", "Rutans", "Citatet", "Källan", "Dragspelet", "Frågan",
        "Svaret", "Rubrikcell", "Sistacellen", "Tabelltexten", "Drygt", "1914", "Byrån", "Krönikan",
    ):  # fmt: skip
        assert titles(find(word)) == ["Alla block"], word
    assert titles(find("warning")) == titles(find("varning")) == titles(find("margin")) == []


# What may be found


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


def test_the_page_shows_hits_with_marks_and_leads_on(client, section):
    for number in range(11):
        article(section, f"Säkerhetsskydd {number}")
    article_with_file(section, file(title="Vägledning i säkerhetsskydd"))

    html = client.get("/sok/", {"q": "säkerhetsskydd", "sida": "1"}).content.decode()

    assert '<meta name="robots" content="noindex, follow">' in html
    assert "<mark>Säkerhetsskydd</mark> 10" in html
    assert 'href="/verksamheten/sakerhetsskydd-10/"' in html
    assert "q=s%C3%A4kerhetsskydd&amp;sida=2" in html


def test_a_page_that_does_not_exist_is_the_nearest_one(section, find):
    article(section, "Övning")

    for page in ["0", "-1", "två", "9" * 5_000, "\x00", ""]:
        assert titles(find("övning", sida=page)) == ["Övning"]


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
    assert suggested[1:] == [("Verksamheten", "/verksamheten/"), ("Nyheter", "/nyheter/")]


# Garbage


def test_whatever_is_typed_the_answer_is_a_page(client, section):
    article(section, "Hot mot Sverige", body="Säkerhet")

    for name, query in GARBAGE.items():
        response = client.get("/sok/", {"q": query.encode("utf-8", "surrogatepass")})
        assert response.status_code == 200, name
        assert len(response.context["query"]) <= 200, name


CMS_SEARCHES = [
    "wagtailadmin_api:pages:listing",
    "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_search",
    "wagtailadmin_explore_root",
    "wagtailadmin_pages:search_results",
    "wagtaildocs:index_results",
    "wagtaildocs_chooser:choose_results",
    "wagtailimages:index_results",
    "wagtailimages_chooser:choose_results",
    "wagtailsnippetchoosers_content_contact:choose_results",
    "wagtailsnippets_cooperation_partner:list_results",
    "wagtailsnippets_content_topic:list_results",
    "wagtailusers_users:index",
]


def test_whatever_an_editor_types_no_search_of_the_cms_fails(client, admin, section):
    article(section, "Hot mot Sverige", body="Säkerhet")
    client.force_login(admin)
    for search_of_the_cms in CMS_SEARCHES:
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
    with django_assert_max_num_queries(9) as queries:
        client.get("/sok/", {"q": "övning"})
    few = len(queries)
    fill(6, 1)
    client.get("/sok/", {"q": "övning"})
    with django_assert_max_num_queries(few):
        response = client.get("/sok/", {"q": "övning"})

    assert response.context["total"] == 21


# The index
