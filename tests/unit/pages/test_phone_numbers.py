"""Telephone numbers in the texts of editors stay on one line."""

from html import unescape

import pytest

from pages.public.frame.phone_numbers import dialled, whole_numbers
from tests.tables import every_row
from tips.templatetags.tips_tags import paragraphs, paragraphs_beside_number

NUMBERS = [
    "010-568 70 00", "+46 10-568 70 00", "+46 (0)10 568 70 00", "00 46 10 568 70 00",
    "08-401 90 00", "08 401 90 00", "08-4019000", "070-123 45 67", "0771–12 34 56",
    "010-568\xa070\xa000", "010-568 70&nbsp;00", "010-568\n70 00", "114 14",
]  # fmt: skip
OTHERS = [
    "2018:585", "SFS 1996:627", "PMFS 2022:1", "2026-11-20 10:00", "1 500 000 kronor", "20 000",
    "112", "1177", "kl. 08.00-16.30", "08:00–16:00", "556677-1234", "19000101-1234", "1914–2015",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_number_is_whole_on_every_page(number):
    html = f"<p>Ring oss ({number}), <b>{number}</b> eller {number}.</p>"
    kept = f'<a class="phone" href="{dialled(unescape(number))}">{number}</a>'
    assert whole_numbers(html) == html.replace(number, kept)


@every_row("element", ["a", "button", "summary", "label", "h2"])
def test_where_something_else_is_pressed_a_number_is_whole_and_no_link(element):
    html = f"<{element}>Ring <b>010-568 70 00</b></{element}>"
    assert whole_numbers(html) == html.replace(
        "010-568 70 00", '<span class="phone">010-568 70 00</span>'
    )


def test_112_is_called_where_one_is_told_to_call_it_or_it_stands_alone():
    sos = '<a class="phone" href="tel:112">112</a>'
    assert whole_numbers("<p>Ring 112 nu.</p>") == f"<p>Ring {sos} nu.</p>"
    assert whole_numbers("<p>Då ringer du 112.</p>") == f"<p>Då ringer du {sos}.</p>"
    assert whole_numbers("<p>När du ska ringa 112.</p>") == f"<p>När du ska ringa {sos}.</p>"
    assert whole_numbers("<td>112</td>") == f"<td>{sos}</td>"
    assert whole_numbers("<p>Av 112 fall</p>") == "<p>Av 112 fall</p>"


@pytest.mark.parametrize("text", OTHERS)
def test_other_figures_may_break(text):
    assert whole_numbers(f"<p>Se {text}.</p>") == f"<p>Se {text}.</p>"


@every_row(
    "html",
    [
        '<a title="Ring 010-568 70 00" href="tel:010-568 70 00">Ring</a>',
        "<script>ring = '010-568 70 00'</script>",
        "<textarea>010-568 70 00</textarea>",
        "<!-- 010-568 70 00 -->",
    ],
)
def test_what_is_no_text_stays_as_it_is(html):
    assert whole_numbers(html) == html


def test_texts_of_the_tip_form_link_our_numbers_or_keep_them_whole():
    assert paragraphs("Ring 010-568 70 00.") == (
        '<p>Ring <a href="tel:+46105687000">010-568 70 00</a>.</p>'
    )
    assert paragraphs_beside_number("Ring 010-568 70 00.") == (
        '<p>Ring <span class="phone">010-568 70 00</span>.</p>'
    )


@every_row(
    "number", ["010-568 70 00", "+46 10-568 70 00", "+46 (0)10 568 70 00", "00 46 10 568 70 00"]
)
def test_a_number_is_dialled_with_its_country_code_however_it_is_written(number):
    assert dialled(number) == "tel:+46105687000"


@every_row(
    ("number", "href"),
    [("112", "tel:112"), ("114 14", "tel:11414"), ("08-401 90 00", "tel:+4684019000"),
     ("+45 33 14 88 88", "tel:+4533148888")],
)  # fmt: skip
def test_short_and_foreign_numbers_are_dialled_as_they_are(number, href):
    assert dialled(number) == href
