"""What is made of the clicks that were measured, from one page to the next."""

import pytest

from tools.bench import onward
from tools.bench.onward import Step


def _found(paint: float, **others: object) -> dict[tuple[str, bool], list[Step]]:
    step = Step(
        **{"paint": paint, "slowest": 16, "ahead": True, "kept": True, "why_not": "null", **others}
    )
    return {(name, with_rules): [step] for name in onward.WAYS for with_rules in (True, False)}


def _unmet(found: dict[tuple[str, bool], list[Step]]) -> list[str]:
    return [aim.text for aim in onward._aims(found) if aim.is_met is not True]


def test_there_are_eight_kinds_of_pages():
    assert len(onward.WAYS) == 8
    assert not any("tipsa" in path or "sok" in path for way in onward.WAYS.values() for path in way)


def test_what_is_quick_drawn_ahead_and_kept_meets_every_aim():
    assert _unmet(_found(90)) == []


@pytest.mark.parametrize(
    "miss",
    [{"slowest": 56}, {"ahead": False}, {"kept": False}],
    ids=["slow", "not ahead", "not kept"],
)
def test_each_of_the_others_is_a_miss_of_its_own(miss):
    assert len(_unmet(_found(90, **miss))) == 1


def test_one_slow_kind_of_page_is_told_and_does_not_hide_behind_the_median():
    found = _found(90)
    found["topic", True] = [Step(300, 16, True, True, "null")]
    assert _unmet(found) == ["topic: largest paint, ms"]


def test_the_table_has_both_ways_beside_each_other():
    found = _found(90) | {("news", False): [Step(410, 0, False, True, "null")]}
    table = onward._table(found, dict.fromkeys(onward.WAYS, 4800), rounds=1)
    [news] = [row for row in table.rows if row[0] == "news"]
    assert news == ("news", "90", "90", "410", "410", "16", "100", "100", "4.8")


def test_of_a_few_the_slowest_is_the_slow_one():
    assert onward.slow([3, 1, 2]) == 3
    assert onward.slow(range(1, 101)) == 95
