"""How the time is told that cleaning a large PDF takes."""

import io

import pikepdf

from tools.bench import cleaning


def test_one_slow_round_does_not_miss_the_aim_and_a_slow_half_does():
    def met(seconds, kept):
        return [aim.is_met for aim in cleaning.aims_of({"seconds": seconds, "kept": kept})]

    assert met([2, 2, 9], 0) == [True, True]
    assert met([2, 4, 4], 40) == [False, False]


def test_the_table_tells_the_median_and_the_memory():
    table = cleaning.table_of({"seconds": [1, 2, 9], "kept": 4})
    assert [row[1] for row in table.rows] == ["2", "4"]


def test_the_report_is_as_large_as_it_says_and_has_a_photograph_on_each_page(monkeypatch):
    whole = cleaning.PAGES
    monkeypatch.setattr(cleaning, "PAGES", 2)
    content = cleaning.report()
    assert len(content) * whole / 2 >= cleaning.MEGABYTES * 1_000_000
    with pikepdf.open(io.BytesIO(content)) as document:
        assert all(len(page.images) == 1 for page in document.pages)
