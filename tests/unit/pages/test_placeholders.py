"""Whatever stands in a text, looking for placeholders ends soon."""

import time

import pytest

from pages.checks.met import Kind, Passage, Spot
from pages.checks.placeholders import unfinished_in


@pytest.mark.parametrize("words", ["xx ", "XXX ", "XX-XX ", "text ", "bla ", "{"])
def test_a_text_full_of_placeholders_keeps_no_process_busy(words):
    text = words * (15_000 // len(words)) + "!"
    began = time.process_time()
    list(unfinished_in(Passage(Spot("body", "body"), Kind.PROSE, text)))
    assert time.process_time() - began < 4
