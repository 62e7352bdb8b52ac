"""How the cost of two persons' word is compared."""

import pytest

from tools.bench import newsroom

TIMES: newsroom.Times = {
    newsroom.PUBLISH: ([10, 20, 10], [12, 26, 20]),
    newsroom.PRESS: ([10, 10, 10], [20, 20, 20]),
    newsroom.EDIT: ([100, 100, 100], [104, 105, 130]),
    newsroom.CHECK: ([10, 10, 10], [290, 299, 900]),
}


def test_a_round_that_was_disturbed_disturbs_both_and_counts_once():
    assert newsroom.ratio(*TIMES[newsroom.PUBLISH]) == pytest.approx(1.3)
    table = newsroom.table_of(TIMES, 3)
    assert table.rows[0] == ("publish", "10", "20", "1.3")


def test_publishing_the_form_and_the_checks_have_an_aim_and_the_press_has_none():
    aims = {aim.text: aim.is_met for aim in newsroom.aims_of(TIMES)}
    assert aims == {
        "publish, without the newsroom = 1": True,
        "edit view, without the newsroom = 1": True,
        "all checks before publishing, ms": True,
    }


def test_both_ways_take_turns_and_who_begins_changes():
    order: list[str] = []

    def way(name: str):
        def once() -> float:
            order.append(name)
            return len(order)

        return once

    first, second = newsroom.in_turns(2, way("a"), way("b"))
    assert order == ["b", "a", "a", "b", "b", "a"]
    assert (len(first), len(second)) == (2, 2)  # the first turn warms up
