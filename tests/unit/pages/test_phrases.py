"""The words and patterns at which the check stops."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from pages.checks.models.phrase import Phrase, expression_of
from tests.pace import cpu_seconds
from tests.tables import every_row


def _found(phrase, text, *, is_pattern=False):
    return [match[0] for match in expression_of(phrase, is_pattern).finditer(text)]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("HEMLIG", "HEMLIG handling", ["HEMLIG"]), ("HEMLIG", "en hemlig handling, Hemlig", []),
        ("HEMLIG", "HEMLIGHET och OHEMLIG", []),
        ("hemlig", "Hemlig, HEMLIG och hemlig", ["Hemlig", "HEMLIG", "hemlig"]),
        ("Sekretess enligt OSL", "Sekretess  enligt\nOSL", ["Sekretess  enligt\nOSL"]),
        ("Sekretess enligt OSL", "omfattas av sekretess enligt OSL", []),
        ("#1*", "#1* är bokstavligt, 21x är inte det", ["#1*"]),
        ("ärendenr", "ÄRENDENR", ["ÄRENDENR"]), ("[fyll i", "text [fyll i namn]", ["[fyll i"]),
    ],
)  # fmt: skip
def test_words_are_found_as_they_are_written(phrase, text, found):
    assert _found(phrase, text) == found


@every_row(
    ("phrase", "text", "found"),
    [
        ("20##-#####", "vårt nr 2026-12345.", ["2026-12345"]),
        ("20##-#####", "2026–12345 och 2026‑54321", ["2026–12345", "2026‑54321"]),
        ("20##-#####", "2026-123456, 12026-12345, 08-2026-12345", []),
        ("dnr *#*", "Dnr: 2026/123 och dnr A123.456/2026", ["Dnr: 2026/123", "dnr A123.456/2026"]),
        ("dnr *#*", "ange dnr i svaret", []),
        ("####-K*-##", "anmälan 5000-K123456-26 gäller", ["5000-K123456-26"]),
        ("a**#", "ab1", ["ab1"]),
    ],
)
def test_a_pattern_knows_digits_and_the_rest_of_a_word(phrase, text, found):
    assert _found(phrase, text, is_pattern=True) == found


@given(phrase=st.text(min_size=1, max_size=100), text=st.text(max_size=200))
def test_whatever_a_chief_editor_writes_is_an_expression(phrase, text):
    for is_pattern in (False, True):
        expression_of(phrase, is_pattern).search(text)


@given(st.text(alphabet="ab#* ", min_size=1, max_size=100))
def test_no_pattern_keeps_a_process_busy(phrase):
    expression = expression_of(phrase, True)
    assert cpu_seconds(lambda: list(expression.finditer("ab" * 5_000))) < 2


@every_row("text", ["", "#", "*", "# *", "a", "--"])
def test_what_would_stop_everything_is_refused(text):
    with pytest.raises(ValidationError, match="minst två bokstäver"):
        Phrase(text=text, is_pattern=True, kind="secrecy").clean()
