"""That the documents tell the truth about what can be looked up."""

import re
from pathlib import Path

from sapo_site.demo.content_files import content_files

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
}
DECISIONS = sorted(path.name for path in (ROOT / "docs" / "decisions").iterdir())

_CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#]+)\)")
_DECISION = re.compile(r"(?:docs/decisions/|[Dd]ecision |\((?=0))(\d{4})\b")
# Not an address (`/sok/`), not a command, and not what only a started site has (`var/media`).
_PATH = re.compile(r"(?!var/)\.?[\w-][\w.-]*/[\w./-]*|[\w-]+\.(?:md|py|toml|txt)")


def _paths_in(text: str) -> list[str]:
    quoted = _QUOTED.findall(_CODE_BLOCK.sub("", text))
    return [name for name in quoted if _PATH.fullmatch(name)]


def test_every_path_that_a_document_names_exists():
    named = {name: _paths_in(text) for name, text in DOCUMENTS.items()}
    assert len(named["README.md"]) > 10, "they are looked for where most of them stand"
    assert len(named["docs/architecture.md"]) > 10
    gone = [(name, path) for name in named for path in named[name] if not (ROOT / path).exists()]
    assert gone == []


def test_every_link_between_documents_leads_somewhere():
    gone = [
        (name, link)
        for name, text in DOCUMENTS.items()
        for link in _LINK.findall(text)
        if "://" not in link and not (ROOT / name).parent.joinpath(link).exists()
    ]
    assert gone == []


def test_no_document_leans_on_what_lies_outside_the_repository():
    assert [name for name, text in DOCUMENTS.items() if "../shared" in text] == []


def test_every_rule_of_law_says_who_keeps_it_and_where_that_is_shown():
    table = DOCUMENTS["docs/law.md"].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][
        1:
    ]
    asked = (ROOT / "tests" / "system" / "sapo_site" / "addresses.tsv").read_text()
    addresses = {f"/{line.split()[0]}" for line in asked.splitlines() if line.strip()}
    addresses |= {file.address for file in content_files()}
    assert len(rows) == 20
    assert [row for row in rows if len(row) != 3 or not _QUOTED.search(row[2])] == []
    named = {name for row in rows for name in _QUOTED.findall(row[2]) if name.startswith("/")}
    assert named - addresses == set()


def test_no_two_decisions_have_one_number():
    numbers = [name[:4] for name in DECISIONS]
    assert numbers == sorted(set(numbers))


def test_only_decisions_that_exist_are_named():
    known = {name[:4] for name in DECISIONS}
    named = {
        path.relative_to(ROOT).as_posix(): set(_DECISION.findall(path.read_text()))
        for folder in ("cooperation", "deploy", "docs", "pages", "sapo_site", "tips")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".conf", ".example", ".md", ".py", ".sql"}
        and "node_modules" not in path.parts
    }
    assert {"docs/architecture.md", "tips/README.md"} <= {name for name in named if named[name]}
    assert {path: numbers - known for path, numbers in named.items() if numbers - known} == {}
