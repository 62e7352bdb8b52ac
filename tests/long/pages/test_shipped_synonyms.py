"""The synonyms that come with the site: what they may say, and how a site gets them."""

import io
import json
import tomllib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Locale

from pages.newsroom.models import Submission
from pages.search import shipped
from pages.search.models import Synonym, names_in
from pages.search.words import name_of
from tests.factories import ArticlePageFactory
from tests.newsroom import confirm_sent

pytestmark = pytest.mark.django_db

LINES = tomllib.loads(Path(shipped.__file__).with_name("synonyms.toml").read_text())
ALL = [(language, line) for language, lines in LINES.items() for line in lines]


FEW = ["Säkerhetspolisen, Säpo", "registerkontroll, vetting", "kakor, cookies"]


@pytest.fixture
def few(monkeypatch, tmp_path):
    """Three lines come with the site, and none in English."""
    ship(monkeypatch, tmp_path, FEW)


def ship(monkeypatch, folder, lines):
    monkeypatch.setattr(shipped, "_FILE", folder / "synonyms.toml")
    shipped._FILE.write_text(f"sv = {json.dumps(lines)}")


def add(*options):
    out = io.StringIO()
    call_command("add_synonyms", *options, stdout=out)
    return out.getvalue()


def test_there_are_enough():
    assert len(LINES["sv"]) >= 100
    assert len(LINES["en"]) >= 25


def test_each_line_is_a_row_that_an_editor_could_publish(home):
    for language, line in ALL:
        row = Synonym(locale=Locale.get_default(), names=line)
        row.full_clean()
        row.refuse_faults()

        assert row.names == line
        # Forms of one word are one name for the search.
        names = [name_of(name, language) for name in names_in(line)]
        assert len(set(names)) == len(names), line


def test_each_line_has_a_first_name_of_its_own_by_which_it_is_known_again():
    for language in LINES:
        first = [names_in(line)[0].lower() for line in LINES[language]]

        assert len(set(first)) == len(first)


def test_a_new_site_gets_them_as_drafts(home, few):
    assert add() == "Inlagda som utkast: 3.\n"

    assert sorted(row.names for row in Synonym.objects.filter(live=False)) == sorted(FEW)
    assert not Synonym.objects.public().exists()
    assert all(row.latest_revision for row in Synonym.objects.all())


def test_a_language_that_the_site_lacks_is_passed_over(home, few):
    shipped._FILE.write_text('xx = ["a, b"]\nsv = ["c, d"]')

    assert add() == "Inlagda som utkast: 1.\n"


def test_what_is_there_already_is_left_as_it_is(home, few):
    swedish = Locale.get_default()
    Synonym.objects.create(locale=swedish, names="småkakor, Kakor")
    Synonym.objects.create(locale=swedish, names="Säkerhetspolisen, Säpo, SK", live=False)

    assert add() == "Inlagda som utkast: 1.\n"
    assert add() == "Inlagda som utkast: 0.\n"
    assert sorted(Synonym.objects.values_list("names", flat=True)) == [
        "Säkerhetspolisen, Säpo, SK", "registerkontroll, vetting", "småkakor, Kakor",
    ]  # fmt: skip


def test_sent_in_the_name_of_an_account_they_wait_for_another_person(
    section, client, editor, chief_editor, few
):
    ArticlePageFactory(parent=section, title="Om registerkontroll")

    assert "De är skickade för godkännande." in add("--as", editor.username)

    submission = Submission.objects.get()
    assert client.get("/sok/", {"q": "vetting"}).context["total"] == 0
    confirm_sent(chief_editor, submission)
    assert Synonym.objects.public().count() == 3
    assert client.get("/sok/", {"q": "vetting"}).context["total"] == 1


def test_no_more_than_twenty_are_sent_together(home, editor, monkeypatch, tmp_path):
    ship(monkeypatch, tmp_path, [f"ord{number}, namn{number}" for number in range(21)])

    add("--as", editor.username)

    assert sorted(each.items.count() for each in Submission.objects.all()) == [1, 20]


def test_an_account_that_may_not_send_leaves_nothing_behind(home, few, no_editor):
    for name in (no_editor.username, "ingen"):
        with pytest.raises(CommandError):
            add("--as", name)

    assert not Synonym.objects.exists()


def test_a_name_with_a_hyphen_is_a_name_as_well(section, client):
    ArticlePageFactory(parent=section, title="Cyberangrepp")
    Synonym.objects.create(
        locale=Locale.get_default(), names="cyberattack, cyberangrepp, it-attack"
    )

    for typed in ["it-attack", "IT-attack", "cyberangrepp", "CYBERATTACK"]:
        found = client.get("/sok/", {"q": typed}).context["results"]

        assert [hit.plain_title for hit in found] == ["Cyberangrepp"]
