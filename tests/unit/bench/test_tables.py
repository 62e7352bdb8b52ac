"""How the figures of `./sapo bench` are compared, shown and kept."""

import pytest

from tools.bench import document, rounds
from tools.bench.__main__ import PARTS, arguments
from tools.bench.load import Load
from tools.bench.rounds import Results
from tools.bench.servers import Failed
from tools.bench.tables import Aim, Table, aims_table, number


def _turns(*cpu_us: float) -> list[Load]:
    return [
        Load(requests_per_second=1e6 / each, cpu_us=each, p50_ms=1, p99_ms=2) for each in cpu_us
    ]


def test_a_ratio_is_the_median_of_the_rounds_own():
    # In the second round something else ran on the machine: both were slow.
    results = Results(turns={"ours": _turns(80, 200, 90), "empty": _turns(100, 250, 100)})
    assert results.ratio("ours", "empty") == 0.8
    assert results.ratio("ours", "empty", "requests_per_second") == pytest.approx(1.25)
    assert results.median("ours", "cpu_us") == 90


def test_there_is_no_ratio_to_what_could_not_be_measured():
    results = Results(turns={"ours": _turns(80)})
    assert results.ratio("ours", "a peer") is None


class _Page:
    def __init__(self, name: str, lengths: list[int]) -> None:
        self.name, self.lengths = name, lengths

    def length(self) -> int:
        if not self.lengths:
            raise Failed("svarade 500, inte 200")
        return self.lengths.pop(0)


def test_a_target_that_fails_is_left_out_and_the_others_go_on(monkeypatch):
    turns = []
    monkeypatch.setattr(
        rounds, "load", lambda target, *_: turns.append(target.name) or _turns(100)[0]
    )
    said = []
    good, bad = _Page("good", [10, 10, 10]), _Page("bad", [10])
    results = rounds.measure([good, bad], rounds=3, seconds=1, say=said.append)
    assert set(results.turns) == {"good"}
    assert len(results.turns["good"]) == 3
    assert said == ["bad: svarade 500, inte 200. Utelämnas."]
    # In turn, after a warm-up each.
    assert turns == ["good", "good", "bad", "bad", "good", "good"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0, "0"), (0.614, "0.61"), (1.0, "1"), (1.5, "1.5"), (17.45, "17.4"),
     (60, "60"), (100, "100"), (17944, "17 944")],
)  # fmt: skip
def test_a_number_has_the_digits_that_mean_something(value, shown):
    assert number(value) == shown


def test_a_table_has_its_columns_under_each_other():
    table = Table("Pages", ("page", "CPU"), [("article", "0.8"), ("a", "17 944")], ["Medians."])
    assert str(table) == (
        "### Pages\n\n"
        "| page    |    CPU |\n"
        "| ------- | -----: |\n"
        "| article |    0.8 |\n"
        "| a       | 17 944 |\n\n"
        "Medians."
    )


def test_an_aim_is_met_not_met_or_not_measured():
    rows = aims_table(
        [
            Aim("stored", 0.78, 0.85),
            Aim("304", 0.9, 0.8),
            Aim("nginx", 0.95, 0.9, at_least=True),
            Aim("peers", None, 2, at_least=True),
        ]
    ).rows
    assert rows == [
        ("stored", "≤ 0.85", "0.78", "met"),
        ("304", "≤ 0.8", "0.9", "**not met**"),
        ("nginx", "≥ 0.9", "0.95", "met"),
        ("peers", "≥ 2", "–", "not measured"),
    ]


# What is kept of a run


def test_a_part_takes_its_own_place_in_the_document_and_no_other(tmp_path):
    path = tmp_path / "performance.md"
    path.write_text("Read it so.\n<!-- bench: http -->\nold\n<!-- end: http -->\nAfter.\n")
    table = Table("Pages", ("page", "CPU"), [("article", "0.8")])
    for _ in range(2):  # the second time replaces the first
        document.write("http", [table], [Aim("stored", 0.78, 0.85)], path)
    text = path.read_text()
    assert text.startswith("Read it so.\n<!-- bench: http -->\nMeasured 20")
    assert text.endswith("<!-- end: http -->\nAfter.\n")
    assert text.count("### Pages") == 1
    assert "| stored | ≤ 0.85 | 0.78 | met |" in text
    assert "old" not in text


def test_a_part_without_a_place_in_the_document_is_refused(tmp_path):
    path = tmp_path / "performance.md"
    path.write_text("Nothing.\n")
    with pytest.raises(Failed, match="saknar plats för http"):
        document.write("http", [], [], path)


def test_the_peers_are_further_rows_of_one_table(tmp_path):
    path = tmp_path / "performance.md"
    path.write_text("<!-- bench: http -->\n<!-- end: http -->\n")
    document.write("peers", [Table("Pages", ("page", "CPU"))], [], path)
    assert "### Pages" in path.read_text()


def test_the_document_has_a_place_for_every_part():
    text = document.DOCUMENT.read_text()
    for part in set(PARTS) - {"peers"}:
        assert f"<!-- bench: {part} -->" in text
        assert f"<!-- end: {part} -->" in text


def test_the_machine_is_named_with_its_cores_and_the_versions_that_matter():
    said = document.machine()
    for word in ("cores", "GiB", "Python 3.", "Django", "wagtail", "gunicorn"):
        assert word in said


# The flags


def test_all_is_measured_unless_a_part_is_asked_for():
    asked = arguments([])
    assert (asked.only, asked.quick, asked.write) == (None, False, False)
    assert arguments(["--only", "http", "--quick"]).only == "http"


def test_a_part_that_does_not_exist_is_refused(capsys):
    with pytest.raises(SystemExit, match="2"):
        arguments(["--only", "allt"])
    assert "allt" in capsys.readouterr().err
