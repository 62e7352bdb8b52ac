"""XML from anybody: nothing is fetched, and nothing swells."""

import pytest

from pages.library.cleaning.found import CannotBeRead
from pages.library.cleaning.xml_parts import bytes_of_tree, tree_of
from tests.tables import every_row

LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
HOSTILE = [
    '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]><a>&x;</a>',
    '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd">%x;]><a/>',
    f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>',
]


@every_row("text", HOSTILE)
def test_xml_that_declares_entities_is_refused(text):
    with pytest.raises(CannotBeRead):
        tree_of(text.encode())


def test_xml_without_is_read():
    assert tree_of("<a>Å &amp; Ö</a>".encode()).text == "Å & Ö"


def test_comments_and_instructions_that_no_reader_sees_go():
    after = bytes_of_tree(
        tree_of(b"<?x hemligt?><a>1<!-- hemligt -->2<?x hemligt?>3</a><!-- hemligt -->")
    )
    assert after.endswith(b"<a>123</a>")
