"""Parts of a page that are written once and kept."""

import pytest
from django.template import Context, Template, TemplateSyntaxError

from pages.content.models import PageTopic
from pages.ground.models import ContentVersion
from pages.ground.version import memory
from tests.factories import ArticlePageFactory, FooterFactory, SectionPageFactory, TopicFactory

COUNTED = "{% load remember_tags %}{% remember 'page' value %}{{ next }}{% endremember %}"


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def __str__(self) -> str:
        self.count += 1
        return str(self.count)


def _published_on(topic, page):
    page.page_topics = [PageTopic(topic=topic)]
    page.save_revision().publish()
    return page


def _written(template, counter, value="x"):
    with memory.one_version(ask=ContentVersion.now):
        return template.render(Context({"next": counter, "value": value}))


def test_a_part_is_written_once_for_each_value_until_its_kind_changes(home):
    template, counter = Template(COUNTED), _Counter()
    assert [_written(template, counter), _written(template, counter)] == ["1", "1"]
    assert _written(template, counter, "y") == "2"
    FooterFactory()
    assert _written(template, counter) == "1"
    ArticlePageFactory(parent=home)
    assert _written(template, counter) == "3"


def test_nothing_is_kept_outside_of_a_visitors_request(home):
    template, counter = Template(COUNTED), _Counter()
    assert [template.render(Context({"next": counter})) for _ in range(2)] == ["1", "2"]


def test_kinds_that_nobody_tells_of_are_refused():
    with pytest.raises(TemplateSyntaxError, match="vader"):
        Template("{% load remember_tags %}{% remember 'vader' %}x{% endremember %}")


def test_preview_of_a_footer_is_shown_to_no_reader(client, home):
    footer = FooterFactory(mission="Vi avvärjer hot.")
    footer.mission = "Ett utkast."
    assert "Ett utkast." in footer.make_preview_request().content.decode()
    assert "Ett utkast." not in client.get("/").content.decode()
    assert "Vi avvärjer hot." in client.get("/").content.decode()
    assert "Ett utkast." in footer.make_preview_request().content.decode()


def test_preview_of_a_draft_changes_no_list_that_readers_meet(client, home, section):
    elsewhere = SectionPageFactory(parent=home, title="Hoten", slug="hoten")
    one, other = TopicFactory(name="Cyberhot"), TopicFactory(name="Spionage")
    for title, topic in (("Om cyberhot", one), ("Om spionage", other)):
        _published_on(topic, ArticlePageFactory(parent=elsewhere, title=title))
    page = _published_on(one, ArticlePageFactory(parent=section, title="Sidan"))
    draft = page.get_latest_revision_as_object()
    draft.page_topics = [PageTopic(topic=other)]
    assert "Om spionage" in draft.make_preview_request().content.decode()
    read = client.get(page.url).content.decode()
    assert "Om cyberhot" in read
    assert "Om spionage" not in read


def test_the_menu_is_marked_on_each_page_by_itself(client, home, section):
    other = SectionPageFactory(parent=home, title="Om oss", slug="om-oss")
    article = ArticlePageFactory(parent=other, slug="artikel")
    for _twice in range(2):
        for url, marked in (("/", 0), (section.url, 1), (other.url, 1), (article.url, 1)):
            menu = client.get(url).content.decode().split('aria-label="Huvudmeny"')[1]
            assert menu.split("</nav>")[0].count("aria-current") == marked
