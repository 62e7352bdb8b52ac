"""Documents that other programs made: each is imported whole, and proved to be."""

from pathlib import Path

import pytest

from pages.importing.build import article_from
from pages.importing.proof import prove_import
from pages.importing.read import read_article

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "import_documents"
DOCUMENTS = sorted(FOLDER.glob("*.*.*"))
LABELS = {
    "paragraph": "", "heading": "Rubrik", "item": "Punkt", "quote": "Citat",
    "numbered": "Numrerad punkt", "head": "Tabellrubriker", "link": "Länk",
    "row": "Tabellrad", "table-title": "Tabellens rubrik",
}  # fmt: skip


def expected_lines(name: str) -> list[str]:
    """What everybody must read on the page, line by line: what it is, and its words."""
    lines = (FOLDER / "sources" / f"{name}.txt").read_text().splitlines()
    return [_as_shown(*line.partition(" ")) for line in lines]


def _as_shown(kind: str, _space: str, text: str) -> str:
    if kind in ("item", "numbered"):
        level, _space, text = text.partition(" ")
        text = text if level == "1" else f"nivå {level} {text}"
        return f"{LABELS[kind]}{' ' if level == '1' else ', '}{text}"
    return f"{LABELS[kind]} {text}".strip()


def test_there_are_thirty_five_documents():
    assert len(DOCUMENTS) >= 35


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_document_of_another_program_is_whole_on_the_page(section, document):
    article = read_article(document)
    proof = prove_import(article, article_from(article, parent=section))
    assert [(row.difference, row.source, row.page) for row in proof.losses] == []
    lines = [f"{row.page_kind} {row.page}".strip() for row in proof.rows if row.page]
    assert lines == expected_lines(document.name.partition(".")[0])
