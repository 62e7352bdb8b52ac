"""The Swedish that Wagtail and the other packages lack: editors meet no English."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.test import RequestFactory
from django.utils import translation
from django.views.i18n import JavaScriptCatalog

from sapo_site.building.catalogues import read_catalogue
from tests.messages import entry_problems
from tests.tables import every_row

FOLDER = settings.PROJECT_DIR / "sapo_site" / "locale_wagtail" / "sv" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")
TAG = re.compile(r"<[^>]+>")

# These are the same in both languages.
SAME_IN_SWEDISH = {
    "App",
    "%(num)s min",  # minutes of reading
    "%(field_label)s:",  # only the colon could differ
    "%(time_zone_option)s: %(localized_time_zone_label)s",
}

INSTALLED = version("wagtail")
of_the_wagtail_it_was_written_for = pytest.mark.skipif(
    not INSTALLED.startswith("7.4."),
    reason=f"the catalogue holds the texts of Wagtail 7.4, and {INSTALLED} is installed",
)

Key = tuple[str | None, str]


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _ours(domain: str) -> list[polib.POEntry]:
    return list(read_catalogue(FOLDER / f"{domain}.po"))


def _packages() -> Iterator[Path]:
    for config in apps.get_app_configs():
        if Path(config.path).parent != settings.PROJECT_DIR:
            yield Path(config.path)


def _catalogue(package: Path, language: str, domain: str) -> dict[Key, polib.POEntry]:
    path = package / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    return {_key(entry): entry for entry in read_catalogue(path)} if path.exists() else {}


def _english_and_swedish(domain: str) -> Iterator[tuple[polib.POEntry, polib.POEntry | None]]:
    """Every text of the packages, with what its own package says in Swedish."""
    for package in _packages():
        swedish = _catalogue(package, "sv", domain)
        for key, english in _catalogue(package, "en", domain).items():
            translated = swedish.get(key)
            yield english, translated if translated and translated.translated() else None


@of_the_wagtail_it_was_written_for
@every_row("domain", DOMAINS)
def test_every_text_that_a_package_lacks_in_swedish_is_ours(domain):
    ours = {_key(entry) for entry in _ours(domain) if entry.translated()}

    missing = [
        english.msgid
        for english, swedish in _english_and_swedish(domain)
        if swedish is None and _key(english) not in ours
    ]

    assert missing == []


@of_the_wagtail_it_was_written_for
@every_row("domain", DOMAINS)
def test_catalogue_holds_nothing_that_the_packages_already_have(domain):
    theirs: dict[Key, list[polib.POEntry | None]] = {}
    for english, swedish in _english_and_swedish(domain):
        theirs.setdefault(_key(english), []).append(swedish)

    superfluous = [
        entry.msgid
        for entry in _ours(domain)
        if all(
            swedish is not None and _texts(swedish) == _texts(entry)
            for swedish in theirs.get(_key(entry), [])
        )
    ]

    assert superfluous == []


@every_row("domain", DOMAINS)
def test_translations_are_certain_and_keep_placeholders_and_tags(domain):
    wrong = []
    for entry in _ours(domain):
        wrong += entry_problems(entry)
        tags = [sorted(TAG.findall(text)) for text in (entry.msgid, entry.msgid_plural or "")]
        wrong += [text for text in _texts(entry) if sorted(TAG.findall(text)) not in tags]

    assert wrong == []


@every_row("domain", DOMAINS)
def test_no_text_stands_twice(domain):
    keys = [_key(entry) for entry in _ours(domain)]

    assert len(keys) == len(set(keys))


@every_row("domain", DOMAINS)
def test_no_translation_repeats_the_english(domain):
    repeated = {entry.msgid for entry in _ours(domain) if entry.msgid in _texts(entry)}

    assert repeated <= SAME_IN_SWEDISH


def test_own_texts_leave_the_words_of_wagtail_alone():
    # All catalogues become one: a text of our own that Wagtail also has changes Wagtail's
    # screens too. Give such a text a context (`pgettext`).
    theirs: dict[Key, set[str]] = {}
    for english, swedish in _english_and_swedish("django"):
        theirs.setdefault(_key(english), set()).update(_texts(swedish) if swedish else [])
    for entry in _ours("django"):
        theirs[_key(entry)] = set(_texts(entry))
    own = read_catalogue(settings.PROJECT_DIR / "sapo_site/locale/sv/LC_MESSAGES/django.po")

    changed = [
        f"{entry.msgid}: {_texts(entry)}, not {sorted(theirs[_key(entry)])}"
        for entry in own
        if _key(entry) in theirs and not theirs[_key(entry)].issuperset(_texts(entry))
    ]

    assert changed == []


def test_scripts_of_the_cms_get_the_swedish_texts():
    view = JavaScriptCatalog.as_view(packages=["wagtail.admin"])  # as Wagtail's own jsi18n

    with translation.override("sv"):
        script = view(RequestFactory().get("/")).content.decode()

    assert '"Changes have been autosaved.": "\\u00c4ndringarna har sparats automatiskt."' in script
