"""What `./sapo bench --only records` makes of its figures."""

from tools.bench import records

TIMES = {"without": [100.0, 110.0, 120.0], "with": [105.0, 112.0, 160.0]}
FIGURES = {
    10_000: {records._GROWTH: 0.9, records._SLOWEST: 20.0},
    100_000: {records._GROWTH: 10.2, records._SLOWEST: 999.0},
}


def test_the_largest_site_decides_and_a_publishing_is_compared_by_its_median():
    aims = list(records.aims_of(TIMES, FIGURES))

    assert [(aim.value, aim.is_met) for aim in aims] == [(2.0, True), (102.0, False), (999.0, True)]


def test_each_size_has_a_column():
    assert "| growth for a new footer, MB" in str(records.pages_table(FIGURES))
    assert " 10.2 |" in str(records.pages_table(FIGURES))
