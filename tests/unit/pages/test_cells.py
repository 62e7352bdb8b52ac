"""What editors write in the cells of a table."""

import pytest
from django.core.exceptions import ValidationError

from pages.content.blocks.cells import cell_html, cell_words, links_in
from pages.content.blocks.text import TableBlock
from pages.public.templatetags.pages_tags import register
from tests.tables import every_row


@every_row(
    ("cell", "html"),
    [
        ("114 14 eller polisen.se", '114 14 eller <a href="https://polisen.se" rel="noopener noreferrer">polisen.se</a>'),
        ("[Tipssidan](/tipsa/) eller brev", '<a href="/tipsa/">Tipssidan</a> eller brev'),
        ("[Lagen](https://riksdagen.se/x?y=1&z)", '<a href="https://riksdagen.se/x?y=1&amp;z" rel="noopener noreferrer">Lagen</a>'),
        ("registrator@sakerhetspolisen.se", '<a href="mailto:registrator@sakerhetspolisen.se">registrator@sakerhetspolisen.se</a>'),
        ("Två\nrader & <b>", "Två<br>rader &amp; &lt;b&gt;"),
        ("[Kör](javascript:alert) nu", "Kör nu"),
        ("2018:585 och kl. 08.00", "2018:585 och kl. 08.00"),
        (None, ""),
    ],
)  # fmt: skip
def test_a_cell_has_its_links_and_nothing_that_runs(cell, html):
    assert cell_html(cell) == html


def test_search_and_checks_read_the_words_of_a_link():
    cell = "[Tipssidan](/tipsa/) eller polisen.se"
    assert cell_words(cell) == "Tipssidan eller polisen.se"
    assert [link.address for link in links_in(cell)] == ["/tipsa/", "https://polisen.se"]


def test_a_link_that_leads_nowhere_is_not_taken():
    value = {
        "data": [["A", "B"], ["[Kör](javascript:alert)", None]],
        "table_caption": "T", "table_header_choice": "row",
    }  # fmt: skip
    with pytest.raises(ValidationError, match="”Kör” i tabellen"):
        TableBlock().clean(value)


def test_an_address_breaks_before_its_at_sign_and_a_draft_without_one_is_shown():
    assert [*map(register.filters["may_break"], ("a@b@c", "u"))] == ["a@b<wbr>@c", "<wbr>u"]
