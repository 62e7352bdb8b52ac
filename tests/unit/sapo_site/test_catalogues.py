"""The catalogues of interface texts: what is found in the source, and what is checked."""

import gettext
import os
from pathlib import Path

import polib
import pytest
from babel.messages.catalog import Catalog
from django.conf import settings

from sapo_site.building.catalogues import UnreadableCatalogue, compile_catalogues
from tests.messages import (
    SWEDISH,
    all_problems,
    entry_problems,
    files_of,
    problems,
    source_texts,
    texts_in,
    update_catalogue,
)
from tests.tables import every_row


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one package, one template and a Swedish catalogue."""
    for folder in ("pages/migrations", "tests", "templates/pages"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pages" / "__init__.py").touch()
    (tmp_path / "tests" / "__init__.py").write_text('_("Only in a test")\n')
    (tmp_path / "pages" / "models.py").write_text('name = _("Name")\n')
    (tmp_path / "pages" / "migrations" / "0001.py").write_text('_("Only in a migration")\n')
    (tmp_path / "templates" / "pages" / "a.html").write_text('{% translate "Name" %}')
    write(tmp_path / SWEDISH, 'msgid "Name"\nmsgstr "Namn"\n')
    return tmp_path


def write(path: Path, entries: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    header += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    path.write_text(header + entries)


def found_in(source: str, name: str = "a.html") -> list[tuple[str | None, str, str | None]]:
    return [
        (text.context, *(text.id if text.pluralizable else (text.id, None)))
        for text in texts_in(source, name)
    ]


def texts_with(*texts: str | tuple[str, str]) -> Catalog:
    """Texts as they are found in a file; a pair is a text and its plural."""
    catalogue = Catalog()
    for text in texts:
        catalogue.add(text, locations=[("a.py", 0)])
    return catalogue


# From the source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% translate "It\'s here" %}', (None, "It's here", None)),
        ("{% translate 'Open' context \"adjective\" as word %}", ("adjective", "Open", None)),
        ('<a title="{{ x|default:_("Empty") }}">', (None, "Empty", None)),
        ('{% include "x.html" with text=_("Argument") only %}', (None, "Argument", None)),
        ("{% blocktranslate with a=b.c %}Hej {{ a }}!{% endblocktranslate %}",
         (None, "Hej %(a)s!", None)),
        ('{% blocktranslate context "c" %}100 %{% endblocktranslate %}', ("c", "100 %%", None)),
        ("{% blocktranslate trimmed %}\n    One\n    two “åäö”\n{% endblocktranslate %}",
         (None, "One two “åäö”", None)),
        ("{% blocktranslate count n=x %}{{ n }} hit{% plural %}{{ n }} hits{% endblocktranslate %}",
         (None, "%(n)s hit", "%(n)s hits")),
        ('{% blocktranslate count n=x context "c" trimmed %}\n  {{ n }} a\n{% plural %}\n  '
         "{{ n }} b\n{% endblocktranslate %}", ("c", "%(n)s a", "%(n)s b")),
    ],
)  # fmt: skip
def test_texts_of_templates_are_found(source: str, expected: tuple[str | None, str, str | None]):
    around = "<p>\n  {%% if a (b %%} ' \" [\n%s\n      {# a comment ' #}\n  åäö </p>"

    assert found_in(source) == [expected]
    assert found_in(around % source) == [expected]


def test_texts_that_are_commented_out_are_not_found():
    assert found_in('{% comment %}{% translate "No" %}{% endcomment %}') == []


def test_notes_to_translators_come_along():
    source = '{# Translators: a verb #}\n{% translate "Open" %}'

    assert [text.auto_comments for text in texts_in(source, "a.html")] == [["a verb"]]


@every_row(
    ("source", "expected"),
    [
        ('a = _("One " "two")', (None, "One two", None)),
        ('ngettext("%(n)s a", "%(n)s b", n)', (None, "%(n)s a", "%(n)s b")),
        ('pgettext_lazy("c", "a")', ("c", "a", None)),
        ('npgettext("c", "a", "b", 2)', ("c", "a", "b")),
    ],
)
def test_texts_of_python_are_found(source: str, expected: tuple[str | None, str, str | None]):
    assert found_in(source, "a.py") == [expected]


def test_a_text_is_listed_once_with_all_its_files(project: Path):
    texts = files_of(source_texts(project))

    assert list(texts) == [(None, "Name")]
    assert set(texts[None, "Name"]) == {"pages/models.py", "templates/pages/a.html"}


def test_a_template_that_cannot_be_translated_is_named():
    with pytest.raises(SyntaxError, match=r"a\.html"):
        found_in("{% blocktranslate %}{% if a %}{% endif %}{% endblocktranslate %}")


# Into the catalogue


def test_translations_are_kept_and_what_is_gone_goes(project: Path):
    path = project / SWEDISH
    write(
        path,
        'msgid "Stays"\nmsgstr "Kvar"\n\nmsgid "Gone"\nmsgstr "Borta"\n\n'
        'msgid "One"\nmsgid_plural "Many"\nmsgstr[0] "En"\nmsgstr[1] "Flera"\n',
    )
    texts = texts_with(("One", "Many"), "%(n)s new")
    texts.add("Stays", locations=[("b.py", 0), ("a.py", 0)])

    came, went = update_catalogue(path, texts)

    assert (came, went) == (1, 1)
    entries = {entry.msgid: entry for entry in polib.pofile(str(path))}
    assert list(entries) == ["%(n)s new", "One", "Stays"]
    assert entries["Stays"].msgstr == "Kvar"
    assert entries["Stays"].occurrences == [("a.py", ""), ("b.py", "")]
    assert entries["One"].msgstr_plural == {0: "En", 1: "Flera"}
    assert entries["%(n)s new"].msgstr == ""
    assert entries["%(n)s new"].flags == ["python-format"]


def test_updating_again_changes_nothing(project: Path):
    path = project / SWEDISH
    texts = texts_with("Name")
    texts.add("a" * 200, context="c", locations=[("a.py", 0)])
    update_catalogue(path, texts)
    before = path.read_text()

    update_catalogue(path, texts)

    assert path.read_text() == before


def test_a_catalogue_is_made_where_there_is_none(tmp_path: Path):
    update_catalogue(tmp_path / "sv" / "django.po", texts_with(("One", "Many")))

    catalogue = polib.pofile(str(tmp_path / "sv" / "django.po"))
    assert catalogue.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    assert catalogue[0].msgid_plural == "Many"


# Compiled


def test_a_catalogue_is_compiled_when_it_is_new_or_changed(project: Path):
    source = project / SWEDISH
    compiled = source.with_suffix(".mo")

    assert compile_catalogues(project) == [source]
    assert compile_catalogues(project) == []
    write(source, 'msgid "Name"\nmsgstr "Benämning"\n\n#, fuzzy\nmsgid "A"\nmsgstr "Fel"\n')
    os.utime(source, ns=(compiled.stat().st_mtime_ns + 1,) * 2)
    assert compile_catalogues(project) == [source]

    with compiled.open("rb") as file:
        swedish = gettext.GNUTranslations(file)
    assert swedish.gettext("Name") == "Benämning"
    assert swedish.gettext("A") == "A"
    assert {path.name for path in compiled.parent.iterdir()} == {"django.mo", "django.po"}


def test_a_broken_catalogue_is_named(project: Path):
    (project / SWEDISH).write_text('msgid "a"\n<<<<<<< ours\nmsgstr "b"\n')

    with pytest.raises(UnreadableCatalogue, match=r"django\.po"):
        compile_catalogues(project)


# Checked


def check(entries: str, tmp_path: Path) -> list[str]:
    write(tmp_path / "django.po", entries)
    catalogue = polib.pofile(str(tmp_path / "django.po"))
    return problems(catalogue, wanted={(None, "Name"): ["a.py"]}, known=())


@every_row(
    ("entries", "problem"),
    [
        ("", "saknas: ”Name” (a.py)"),
        ('msgid "Name"\nmsgstr ""', "saknar översättning: ”Name”"),
        ('#, fuzzy\nmsgid "Name"\nmsgstr "Namn"', "osäker (fuzzy): ”Name”"),
        ('msgctxt "c"\nmsgid "Name"\nmsgstr "Namn"', "används inte längre: ”Name”"),
        ('msgid "Name"\nmsgstr "Namn"\n\nmsgid "Old"\nmsgstr "O"', "används inte längre: ”Old”"),
        ('#~ msgid "Old"\n#~ msgstr "Gammal"', "används inte längre: ”Old”"),
        ('msgid "Name"\nmsgstr "Namn"\n\nmsgid "Name"\nmsgstr "N"', "står två gånger: ”Name”"),
    ],
)
def test_what_is_wrong_is_told(entries: str, problem: str, tmp_path: Path):
    assert problem in check(entries + "\n", tmp_path)


def test_a_whole_catalogue_has_no_problems(tmp_path: Path):
    assert check('msgid "Name"\nmsgstr "Namn"\n', tmp_path) == []


@pytest.mark.parametrize(
    ("original", "translation", "is_right"),
    [
        ("%(a)s of %(b)s", "%(b)s: %(a)s", True), ("%(a)s of %(b)s", "%(a)s", False),
        ("%(a)s", "%(b)s", False), ("Hello {name}", "Hej {namn}", False),
        ("%d pages", "%s sidor", False), ("%(n)s percent", "%(n)s % av allt", False),
        ("%(n)s percent", "%(n)s %% av allt", True), ("100 percent", "100 %", True),
        ("Name", "Namn %(a)s", False),
    ],
)  # fmt: skip
def test_placeholders_must_agree(original: str, translation: str, is_right: bool):
    entry = polib.POEntry(msgid=original, msgstr=translation)

    assert (entry_problems(entry) == []) is is_right


@every_row(
    ("one", "many", "is_right"),
    [
        ("%(n)s träff på %(q)s", "%(n)s träffar på %(q)s", True),
        ("En träff på %(q)s", "%(n)s träffar på %(q)s", True),
        ("En träff", "Flera träffar på %(q)s", False),
        ("En träff", "", False),
        ("%(antal)s träff", "%(n)s träffar på %(q)s", False),
    ],
)
def test_only_the_singular_may_leave_out_the_number(one: str, many: str, is_right: bool):
    entry = polib.POEntry(
        msgid="%(n)s hit on %(q)s",
        msgid_plural="%(n)s hits on %(q)s",
        msgstr_plural={0: one, 1: many},
    )

    assert (entry_problems(entry) == []) is is_right


def test_a_catalogue_that_is_wrapped_by_hand_is_told_of(project: Path):
    path, texts = project / SWEDISH, source_texts(project)
    update_catalogue(path, texts)
    write(path, 'msgid "Name"\nmsgstr "Namn"\n')

    assert "för hand" in all_problems(project, texts)[0]

    update_catalogue(path, texts)
    assert all_problems(project, texts) == []


def test_every_text_of_the_site_is_in_swedish():
    found = all_problems(settings.PROJECT_DIR, source_texts(settings.PROJECT_DIR))

    assert found == []
