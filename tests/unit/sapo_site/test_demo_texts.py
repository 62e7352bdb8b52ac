"""What the demo's texts may say, and what its tips must be."""

import re
import tomllib
from typing import Any

from sapo_site.demo import tips
from sapo_site.demo.content_files import CONTENT
from tests.tables import every_row
from tips.form.forms import TipForm


def test_every_demo_tip_could_have_been_sent_in_the_form():
    rows = tomllib.loads((CONTENT / "tips.toml").read_text())["tip"]
    for row in rows:
        form = TipForm(tips.fields_of(row))
        assert form.is_valid(), form.errors
        assert row["text"].startswith("[Demo] ")
    assert len({row["subject"] for row in rows}) == len(rows)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


@every_row(
    ("path", "said"),
    [
        ("settings.toml", ["besöker webbplatsen sparas inga kakor", "no cookies are saved"]),
        ("sv/om-webbplatsen/kakor.toml", ["besöker webbplatsen sparas inga kakor", '"/tipsa/"']),
        ("sv/om-webbplatsen/personuppgifter.toml", ["förblir anonym", "2018:1693", "Rättslig"]),
        (
            "sv/om-webbplatsen/tillganglighet.toml",
            ["Formuläret för meddelanden är inte det enda sättet"],
        ),
        ("sv/om-webbplatsen/kontakt.toml", ["Skriv till oss på tipssidan"]),
        ("en/about-this-website/cookies.toml", ["set no cookie at all", '"/en/tipsa/"']),
        ("en/about-this-website/personal-data.toml", ["remain anonymous", "2018:1693", "Legal"]),
        ("en/about-this-website/accessibility.toml", ["The form for messages is not the only way"]),
        ("en/about-this-website/contact.toml", ["Write to us on the tip page"]),
    ],
)
def test_the_pages_about_the_website_tell_of_the_tip_form(path: str, said: list[str]):
    text = (CONTENT / path).read_text()
    for words in said:
        assert words in text


@every_row(
    ("path", "language"),
    [("sv/om-webbplatsen/kontakt.toml", "sv"), ("en/about-this-website/contact.toml", "en")],
)
def test_the_contact_page_tells_each_number_once(path: str, language: str):
    page = tomllib.loads((CONTENT / path).read_text())
    contacts = {
        each["name"]: each
        for each in tomllib.loads((CONTENT / "contacts.toml").read_text())["contact"]
        if each["locale"] == language
    }
    shown = [
        contacts[block["name"]]["text"] for block in page["body"] if block["type"] == "contact"
    ]
    told = " ".join([*_texts(page), *shown])
    for number in (r"\b112\b", r"114 14", r"568 70 00"):
        assert len(re.findall(number, told)) == 1, number
