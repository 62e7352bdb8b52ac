"""Whatever stands in a text, looking for placeholders ends soon."""

from pages.checks.met import Kind, Passage, Spot
from pages.checks.placeholders import unfinished_in
from tests.pace import cpu_seconds
from tests.tables import every_row


@every_row("words", ["xx ", "XXX ", "XX-XX ", "text ", "bla ", "{"])
def test_a_text_full_of_placeholders_keeps_no_process_busy(words):
    text = words * (15_000 // len(words)) + "!"
    passage = Passage(Spot("body", "body"), Kind.PROSE, text)
    assert cpu_seconds(lambda: list(unfinished_in(passage))) < 4
