"""That the documents tell the truth about what can be looked up."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").iterdir())

_CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#]+)\)")
# Not an address (`/sok/`), not a command, and not what only a started site has (`var/media`).
_PATH = re.compile(r"(?!var/)\.?[\w-][\w.-]*/[\w./-]*|[\w-]+\.(?:md|py|toml|txt)")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _paths_in(text: str) -> list[str]:
    quoted = _QUOTED.findall(_CODE_BLOCK.sub("", text))
    return [name for name in quoted if _PATH.fullmatch(name)]


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md"])
def test_paths_are_looked_for_where_most_of_them_stand(document):
    assert len(_paths_in((ROOT / document).read_text())) > 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_path_that_a_document_names_exists(document):
    gone = [name for name in _paths_in(document.read_text()) if not (ROOT / name).exists()]
    assert gone == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_link_between_documents_leads_somewhere(document):
    targets = [link for link in _LINK.findall(document.read_text()) if "://" not in link]
    assert [link for link in targets if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_no_document_leans_on_what_lies_outside_the_repository(document):
    assert "../shared" not in document.read_text()


@pytest.mark.parametrize("decision", DECISIONS, ids=_name)
def test_a_decision_says_why_what_and_at_what_price(decision):
    text = decision.read_text()
    title = rf"# {int(decision.name[:4])}\. \S.* \d{{4}}-\d\d-\d\d, (accepted|replaced by \d+|withdrawn)\n"
    assert re.match(title, text)
    parts = [text.find(f"\n**{part}** ") for part in ("Why", "What", "Price")]
    assert -1 not in parts
    assert parts == sorted(parts)
    assert len(text.splitlines()) <= 50, "one screen"


def test_decisions_are_numbered_without_gaps():
    numbers = [int(decision.name[:4]) for decision in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))


def test_code_refers_only_to_decisions_that_exist():
    known = {decision.name[:4] for decision in DECISIONS}
    for path in (ROOT / "sapo_site").rglob("*.py"):
        assert known.issuperset(re.findall(r"docs/decisions/(\d{4})", path.read_text())), path
