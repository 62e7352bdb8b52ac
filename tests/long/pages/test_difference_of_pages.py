"""What the one who approves reads: what is new in a version beside what is public."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone, translation
from wagtail.models import Page, Revision, get_page_models
from wagtail.snippets.models import get_snippet_models

from pages.comparing import DiffLine, compare, compare_settings, lines_of, rendered, settings_of
from pages.content.models import ArticlePage, PageTopic
from pages.ground.models import ContentVersion
from pages.library.models import SiteImage
from tests.factories.pages import (
    AlertFactory,
    ArticlePageFactory,
    FooterFactory,
    SiteImageFactory,
    TopicFactory,
    picture_file,
)


def _body(number: str, link: str, image: SiteImage) -> str:
    return json.dumps(
        [
            {"type": "prose", "value": f"<p>Vi har utbildat {number} kommuner.</p><ul><li>Lås</li></ul>"},
            {"type": "figure", "value": {
                "image": {"image": image.pk, "alt_text": "En vallokal", "decorative": False},
                "caption": "Vallokal i Umeå",
            }},
            {"type": "table", "value": {
                "data": [["År", "Kommuner"], ["2026", number]], "cell": [],
                "table_caption": "Utbildade", "table_header_choice": "row",
                "first_row_is_table_header": True, "first_col_is_header": False,
            }},
            {"type": "link_row", "value": [
                {"type": "address", "value": {"address": link, "label": "Valmyndigheten"}}
            ]},
            {"type": "heading", "value": {"text": "Råd", "level": "h2"}},
        ]
    )  # fmt: skip


@pytest.fixture
def article(section: Any) -> ArticlePage:
    page = ArticlePageFactory(parent=section, title="Så skyddar vi valet", slug="valet", live=False)
    page.body = _body("210", "https://www.val.se/", SiteImageFactory())
    page.save_revision().publish()
    return ArticlePage.objects.get()


def _draft(page: ArticlePage, **changes: Any) -> ArticlePage:
    for name, value in changes.items():
        setattr(page, name, value)
    revision: Revision = page.save_revision()
    return revision.as_object()


def _difference(before: Any, after: Any) -> list[DiffLine]:
    return compare(lines_of(rendered(before)), lines_of(rendered(after)))


def _told(lines: list[DiffLine]) -> list[tuple[str, str, str]]:
    return [
        (line.state, line.before.text if line.before else "", line.after.text if line.after else "")
        for line in lines
        if not line.is_same
    ]


def test_an_article_is_read_as_readers_meet_it(article):
    lines = [(line.kind, line.text) for line in lines_of(rendered(article))]

    assert lines == [
        ("heading", "Så skyddar vi valet"),
        ("paragraph", "En kort ingress."),
        ("paragraph", "Vi har utbildat 210 kommuner."),
        ("item", "Lås"),
        ("picture", "En vallokal"),
        ("caption", "Vallokal i Umeå"),
        ("table-title", "Utbildade"),
        ("head", "År | Kommuner"),
        ("row", "2026 | 210"),
        ("link", "Valmyndigheten (annan webbplats) (→ https://www.val.se/)"),
        ("heading", "Råd"),
        (
            "link",
            "Meddela oss om något på sidan inte fungerar för dig"
            " (→ /tillganglighet/meddelande/?om=/verksamheten/valet/)",
        ),
    ]


def test_a_changed_number_a_picture_and_a_link_are_what_is_new(article):
    public = ArticlePage.objects.get()
    other = SiteImageFactory(file=picture_file(name="vallokal.jpg"))
    draft = _draft(article, body=_body("290", "https://www.val.se/rad/", other))

    found = _difference(public, draft)

    assert _told(found) == [
        ("changed", "Vi har utbildat 210 kommuner.", "Vi har utbildat 290 kommuner."),
        ("changed", "En vallokal", "En vallokal"),
        ("changed", "2026 | 210", "2026 | 290"),
        (
            "changed",
            "Valmyndigheten (annan webbplats) (→ https://www.val.se/)",
            "Valmyndigheten (annan webbplats) (→ https://www.val.se/rad/)",
        ),
    ]
    picture = next(line for line in found if line.line.kind == "picture")
    assert picture.before.file_name.startswith("kust")
    assert picture.after.file_name.startswith("vallokal")


def test_pictures_whose_long_names_begin_alike_are_told_apart(article):
    names = ["sakerhetspolisens-vallokaler-norr.jpg", "sakerhetspolisens-vallokaler-syd.jpg"]
    north, south = [SiteImageFactory(file=picture_file(name=name)) for name in names]
    article.body = _body("210", "https://www.val.se/", north)
    before = lines_of(rendered(article))
    article.body = _body("210", "https://www.val.se/", south)

    (line,) = [each for each in compare(before, lines_of(rendered(article))) if not each.is_same]
    assert line.line.kind == "picture"


def test_nothing_is_written_and_no_language_left_behind(article, django_assert_max_num_queries):
    version = ContentVersion.current()
    with translation.override("sv"), django_assert_max_num_queries(40) as asked:
        rendered(article)
        assert translation.get_language() == "sv"

    assert ContentVersion.current() == version
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_settings_are_told_by_their_names(article):
    public = settings_of(ArticlePage.objects.get())
    topic = TopicFactory(name="Val")
    article.page_topics.add(PageTopic(topic=topic))
    go_live_at = timezone.make_aware(datetime(2027, 3, 3, 9, 5))
    draft = _draft(article, slug="val-2027", show_in_menus=True, go_live_at=go_live_at, lead="Ny.")

    changes = {change.label: change for change in compare_settings(public, settings_of(draft))}

    assert {label: (each.before, each.after) for label, each in changes.items()} == {
        "Adress": ("/verksamheten/valet/", "/verksamheten/val-2027/"),
        "Visa i menyer": ("Nej", "Ja"),
        "Ämnen": ("", "Val"),
        "Publiceras": ("", "3 mars 2027 kl. 09.05"),
    }
    assert (
        changes["Adress"].remark == "Adressen blir /verksamheten/val-2027/, den gamla leder vidare"
    )


def test_of_a_page_that_is_all_new_the_settings_that_are_set_are_told(article):
    told = {each.label: each.after for each in compare_settings([], settings_of(article))}

    assert told == {"Rubrik": "Så skyddar vi valet", "Adress": "/verksamheten/valet/"}


def test_a_footer_is_told_line_by_line_and_field_by_field(home):
    footer = FooterFactory(
        legal_links=json.dumps(
            [
                {
                    "type": "link",
                    "value": [{"type": "page", "value": {"page": home.pk, "label": "Start"}}],
                }
            ]
        )
    )
    before = lines_of(rendered(footer)), settings_of(footer)
    footer.mission = "Vi avvärjer hot mot Sverige."
    after = lines_of(rendered(footer)), settings_of(footer)

    assert _told(compare(before[0], after[0])) == [
        ("changed", "Vi avvärjer hot.", "Vi avvärjer hot mot Sverige.")
    ]
    (change,) = compare_settings(before[1], after[1])
    assert (change.label, change.after) == ("Uppdrag", "Vi avvärjer hot mot Sverige.")
    assert "Start (→ /)" in {each.value for each in before[1]}
    assert not any(line.text == "En sida" for line in before[0])


def test_a_choice_is_told_by_its_label(home):
    message = AlertFactory(level="danger", page=home, ends_at=None)

    told = {each.label: each.value for each in settings_of(message)}

    assert told["Nivå"] == "Fara"
    assert told["Sida med mer att läsa"] == "Säkerhetspolisen (/)"


@pytest.mark.parametrize("model", [*get_page_models(), *get_snippet_models()])
def test_whatever_an_editor_writes_has_settings_with_names(home, model):
    if model is Page:
        return
    fields = {field.name for field in model._meta.get_fields()}
    place = {"locale": home.locale} if "locale" in fields else {}
    empty = model(**place, **({"url_path": "/start/x/"} if issubclass(model, Page) else {}))

    told = settings_of(empty)

    assert all(each.label.strip() for each in told)
    assert told
    names = {each.name for each in told}
    assert names.isdisjoint({"body", "lead", "aside"} if issubclass(model, Page) else ())
    if "go_live_at" in fields:
        assert {"go_live_at", "expire_at"} <= names
