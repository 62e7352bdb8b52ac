"""Which digits are somebody's number, however they are written."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.checks.personal_numbers import numbers_in
from tests.tables import every_row

DAYS = st.dates(min_value=date(1890, 1, 1), max_value=date(2026, 11, 25))
SIGNS = ["-", "+", " ", "", "‑", "–", "\u00a0", " - ", "−", "\u00ad-", "-\u200b"]


def _check_digit(nine: str) -> str:
    """Luhn, from the right, in another way than the code that is tested."""
    total = 0
    for place, digit in enumerate(reversed(nine)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += sum(map(int, str(value)))
    return str((10 - total % 10) % 10)


def _number(day: date, serial: int, *, is_coordination: bool = False) -> tuple[str, str]:
    """Date with century, and the last four digits."""
    number = f"{day:%Y%m}{day.day + (60 if is_coordination else 0):02}"
    return number, f"{serial:03}" + _check_digit(f"{number[2:]}{serial:03}")


@given(
    day=DAYS, serial=st.integers(0, 999), sign=st.sampled_from(SIGNS), with_century=st.booleans(),
    is_coordination=st.booleans(), before=st.sampled_from(["", "Anna (", "pnr: ", "född ", "”"]),
    after=st.sampled_from(["", ")", ".", ", 41 år", "”", "\n2026"]),
)  # fmt: skip
def test_every_number_is_found_however_it_is_written(
    day, serial, sign, with_century, is_coordination, before, after
):
    number, last = _number(day, serial, is_coordination=is_coordination)
    written = f"{number if with_century else number[2:]}{sign}{last}"
    found = list(numbers_in(f"{before}{written}{after}"))
    if sign == "" and not with_century and number[2] == "0" and before not in ("pnr: ", "född "):
        return  # it may be a telephone number
    assert [is_of_that_kind for _words, is_of_that_kind in found] == [is_coordination]


@given(day=DAYS, serial=st.integers(0, 999), wrong=st.integers(1, 9))
def test_another_check_digit_is_no_number(day, serial, wrong):
    number, last = _number(day, serial)
    other = last[:3] + str((int(last[3]) + wrong) % 10)
    assert list(numbers_in(f"{number}-{other}")) == []


@given(st.integers(20, 99), st.integers(0, 99_99999))
def test_an_organisation_has_a_third_digit_of_two_or_more(month, rest):
    digits = f"55{month}{rest:06}"[:9]
    number = digits + _check_digit(digits)
    for written in (number, f"{number[:6]}-{number[6:]}", f"16{number[:6]}-{number[6:]}"):
        assert list(numbers_in(written)) == []


@given(st.integers(1, 400))
def test_nobody_is_born_tomorrow(days):
    number, last = _number(date.today() + timedelta(days=days), 123)
    assert list(numbers_in(f"{number}-{last}")) == []


@pytest.mark.parametrize(
    "text",
    [
        "850230-1236", "851314-2399", "850300-2397", "850394-2390",  # no such day
        "010-568 70 00", "08-568 700 00", "0701740631", "+46 70 174 06 31",
        "5500 0000 0583 9825", "SE45 5000 0000 0583 9825 7466", "978-91-7000-123-4",
        "2026-11-26 kl. 14.00", "20260101-20261231", "2026112614051234", "1 912 121 212 kronor",
        "121212,1212", "3.8503142393", "59.329323, 18.068581",
    ],
)  # fmt: skip
def test_other_digits_pass(text):
    assert list(numbers_in(text)) == []


@every_row(
    ("text", "is_found"),
    [
        ("https://example.org/20260101121212345", False),
        ("https://example.org/8503142393/", False),
        ("dom-mot-850314-2393", True),
        ("19850314-2393.pdf", True),
    ],
)
def test_in_an_address_only_a_number_with_its_dash_counts(text, is_found):
    assert bool(list(numbers_in(text, is_address=True))) == is_found


def test_the_words_are_those_that_stand_there():
    text = "Anna Berg (850314‑2393) och Bo Ek, 19850374-2390."
    assert list(numbers_in(text)) == [("850314-2393", False), ("19850374-2390", True)]
