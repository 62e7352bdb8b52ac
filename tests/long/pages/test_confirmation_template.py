"""The page on which somebody confirms, as it is drawn: with everything that it can show."""

from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from lxml import html as lxml_html
from wagtail.admin.widgets import AdminAutoHeightTextInput

from pages.comparing import Line, Setting, compare, compare_settings

BEFORE = [
    Line("heading", "Så skyddar vi valet", level=1),
    Line("paragraph", "Vi har utbildat 210 kommuner i hur de skyddar sina lokaler."),
    *(Line("paragraph", f"Det här är stycke {number}.") for number in range(9)),
    Line(
        "picture", "En vallokal", file="lokal.width-800.format-jpeg.jpg", shown="/media/lokal.jpg"
    ),
    Line("item", "Ring polisen."),
]
AFTER = [
    BEFORE[0],
    Line("paragraph", "Vi har utbildat 290 kommuner i hur de skyddar sina lokaler."),
    *BEFORE[2:11],
    Line("picture", "", file="ko.width-800.format-jpeg.jpg", shown="/media/ko.jpg"),
    Line("link", "Valmyndigheten (→ https://www.val.se/)"),
]


class _Note(forms.Form):
    note = forms.CharField(
        label="Meddelande till den som godkänner", widget=AdminAutoHeightTextInput
    )


class _Reason(forms.Form):
    reason = forms.CharField(label="Varför kan det inte vänta?", widget=AdminAutoHeightTextInput)
    password = forms.CharField(
        label="Skriv ditt lösenord för att nödpublicera.", widget=forms.PasswordInput
    )


def context(**more: Any) -> dict[str, Any]:
    """All that the page can show of one thing that was sent."""
    was = [Setting("Adress", "/verksamheten/val/", "slug"), Setting("Visa i menyer", "Nej", "menu")]
    becomes = [
        Setting("Adress", "/verksamheten/valet/", "slug", leads_on=True),
        Setting("Visa i menyer", "Ja", "menu"),
    ]
    return {
        "title": "Så skyddar vi valet",
        "kind_label": "Artikelsida",
        "language": "Svenska",
        "sent_line": "Skickad av Rolf Redaktör i dag 13.02",
        "note": "Ny siffra i andra stycket. Ska ut före tre.",
        "confirmed_by": [("Rolf Redaktör", "13.02")],
        "missing": ["1 chefredaktör"],
        "publishes": "genast",
        "address": "/verksamheten/valet/",
        "address_is_new": True,
        "diff_lines": compare(BEFORE, AFTER),
        "setting_changes": compare_settings(was, becomes),
        "preview_url": "/preview/",
        "along": ["bilden ”Vallokal”", "filen ”Checklista.pdf”"],
        "history": ["Rolf Redaktör skickade i dag 13.02", "Publicerad 3 mars 2026 kl. 13.41"],
        "form": _Note(),
        "primary": {"label": "Godkänn och publicera", "value": "confirm"},
        "secondary": [
            {"label": "Begär ändringar", "value": "return"},
            {"label": "Ändra själv", "href": "/admin/pages/7/edit/"},
        ],
        "may_ask": True,
        "emergency": _Reason(),
    } | more


@pytest.fixture
def shown(rf: RequestFactory, chief_editor: Any) -> Any:
    def show(**more: Any) -> Any:
        request = rf.get("/admin/")
        request.user = chief_editor
        html = render_to_string("newsdesk/confirm.html", context(**more), request=request)
        return lxml_html.document_fromstring(html).find_class("confirmation")[0]

    return show


def _text(element: Any) -> str:
    for hidden in element.find_class("w-sr-only"):
        hidden.drop_tree()
    return " ".join(element.text_content().split())


def test_it_says_what_is_new_who_sent_it_and_what_is_missing(shown):
    page = _text(shown())

    assert "Godkänn ”Så skyddar vi valet” Artikelsida · Svenska" in page
    assert "Skickad av Rolf Redaktör i dag 13.02" in page
    assert "”Ny siffra i andra stycket." in page
    assert "Godkänt av: Rolf Redaktör 13.02 Väntar på: 1 chefredaktör Publiceras: genast" in page
    assert "Adress: /verksamheten/valet/ (ny)" in page
    assert "Nytt: Vi har utbildat 290 kommuner" in page
    assert "Borta: Vi har utbildat 210 kommuner" in page
    assert "Bild: dekorativ, utan alternativtext ko" in page
    assert "… 7 stycken som inte har ändrats" in page
    assert "Adressen blir /verksamheten/valet/, den gamla leder vidare" in page
    assert "Följer med: bilden ”Vallokal”, filen ”Checklista.pdf” (publiceras samtidigt)" in page
    assert "Kan det inte vänta? Du kan publicera ensam om liv, hälsa eller säkerhet" in page


def test_its_parts_are_reached_without_script_and_each_button_says_what_it_does(shown):
    page = shown()

    links = [each.get("href") for each in page.find_class("version__parts")[0].iter("a")]
    assert links == ["#nytt1", "#sidan1", "#installningar1", "#historik1"]
    assert all(page.xpath(f'//*[@id="{link[1:]}"]') for link in links)
    buttons = [
        (each.get("name"), each.get("value"), _text(each))
        for each in page.find_class("confirmation__button")
    ]
    assert buttons == [
        ("act", "confirm", "Godkänn och publicera"),
        ("act", "return", "Begär ändringar"),
        (None, None, "Ändra själv"),
        ("act", "emergency", "Nödpublicera"),
    ]
    ask = page.find_class("difference__ask-button")[0]
    assert (ask.get("name"), ask.get("value")) == (
        "here",
        "1:Vi har utbildat 290 kommuner i hur de skyddar sina lokaler.",
    )


def test_it_says_so_when_no_words_are_new(shown):
    for changes, words in [
            ([], "Inga ord är nya. Det som skiljer är utseendet"),
            (compare_settings([Setting("Rubrik", "A", "t")], [Setting("Rubrik", "B", "t")]),
             "Inga ord på sidan är nya."),
        ]:  # fmt: skip
        assert words in _text(shown(diff_lines=compare(AFTER, AFTER), setting_changes=changes))


def test_several_things_that_were_sent_together_stand_in_a_section_each(shown):
    item = context(title="Sidfot", kind_label="Sidfot")
    page = shown(items=[context(), item], errors=["Innehållet är inte längre det du läste."])

    titles = [_text(each) for each in page.find_class("confirmation__item-title")]
    assert titles == [
        "Så skyddar vi valet Artikelsida · Svenska · /verksamheten/valet/ (ny)",
        "Sidfot Sidfot · Svenska · /verksamheten/valet/ (ny)",
    ]
    assert _text(page.find_class("confirmation__errors")[0]) == (
        "Innehållet är inte längre det du läste."
    )
    keys = [each.get("id") for each in page.iter() if each.get("id")]
    assert len(keys) == len(set(keys))
