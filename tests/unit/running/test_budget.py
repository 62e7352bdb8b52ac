"""The site has a size that it may not grow above."""

from collections import Counter

from tools import budget


def test_what_is_too_large_is_told_in_one_line_with_its_largest_rooms():
    rooms = Counter({"pages/checks": 30, "pages/content/tree": 20, "tips/desk": 50})

    assert budget.judged(budget.KINDS[0], rooms, 100) == "100 rader Python, högst 100"
    assert budget.judged(budget.KINDS[0], rooms, 90) == (
        "100 rader Python, högst 90: 10 för mycket. Mest i tips/desk 50, pages/checks 30, pages/content/tree 20."
    )


def test_it_fails_when_one_kind_is_too_large(monkeypatch, capsys):
    monkeypatch.setattr(budget, "counted", lambda kind: Counter({kind.name: 10}))
    exactly = {kind.name: 10 for kind in budget.KINDS}
    for most, code in ((exactly, 0), (exactly | {"docs": 9}, 1)):
        monkeypatch.setattr(budget, "allowed", lambda most=most: most)
        assert budget.main() == code
    assert "10 ord i docs/, högst 9: 1 för mycket. Mest i docs 10." in capsys.readouterr().out


def test_lines_are_of_our_own_code_without_migrations_and_words_of_the_documents():
    python, *_others, docs = (budget.counted(kind) for kind in budget.KINDS)

    assert {room.split("/")[0] for room in python} == {"cooperation", "pages", "sapo_site", "tips"}
    assert "pages/migrations" not in python
    assert docs["docs/decisions"] > docs["docs/glossary.md"] > 0


def test_the_readme_says_how_large_it_may_be():
    said = (budget.ROOT / "README.md").read_text()

    assert [f"{most:,}" for most in budget.allowed().values() if f" {most:,} " not in said] == []
