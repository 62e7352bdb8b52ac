"""Makes the documents that test_import_documents.py imports, with tools that are not ours.

`python make.py`, where pandoc, LibreOffice (soffice) and python-docx are installed: tests use the files
as they lie here. Each text is written once, as HTML, and saved by every tool.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import docx

HERE = Path(__file__).parent
PANDOC_KINDS = ("docx", "odt", "html", "md")
OFFICE_KINDS = {"docx": "docx", "odt": "odt", "html": "html:HTML (StarWriter)"}


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def with_pandoc(source: Path, name: str) -> None:
    for kind in PANDOC_KINDS:
        if (name, kind) == ("lists", "md"):  # which knows no letters before items
            continue
        to = {"md": "gfm", "html": "html5"}.get(kind, kind)
        target = HERE / f"{name}.pandoc.{kind}"
        run("pandoc", "-s", str(source), "-f", "html", "-t", to, "-o", str(target), "--wrap=none")


def with_office(source: Path, name: str) -> None:
    """By way of .docx, and straight from the page, which Writer opens as a kind of its own."""
    for kind, told in OFFICE_KINDS.items():
        if (name, kind) != ("words", "html"):  # where Writer leaves out which paragraph is a quote
            convert(HERE / f"{name}.pandoc.docx", told, HERE / f"{name}.office.{kind}")
    convert(source, "odt:writer8", HERE / f"{name}.web.odt")


def convert(document: Path, told: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run("soffice", "--headless", "--convert-to", told, "--outdir", folder, str(document))
        made = next(Path(folder).iterdir())
        shutil.move(made, target)


def with_python_docx() -> None:
    document = docx.Document()
    document.add_heading("Steg för steg", 0)
    document.add_paragraph("Så gör du en anmälan.")
    document.add_heading("Innan du börjar", 1)
    document.add_paragraph("Ha detta till hands:")
    document.add_paragraph("ditt ärendenummer", style="List Bullet")
    document.add_paragraph("uppgifter om verksamheten", style="List Bullet")
    document.add_paragraph("adress", style="List Bullet 2")
    document.add_paragraph("telefonnummer", style="List Bullet 2")
    document.add_heading("Anmälan", 2)
    document.add_paragraph("Fyll i formuläret.", style="List Number")
    document.add_paragraph("Skriv under.", style="List Number")
    paragraph = document.add_paragraph("Den som är ")
    paragraph.add_run("osäker").bold = True
    paragraph.add_run(" kan ")
    paragraph.add_run("alltid").italic = True
    paragraph.add_run(" ringa oss.")
    document.save(str(HERE / "steg.python-docx.docx"))

    document = docx.Document()
    document.add_heading("Tal om året", 0)
    document.add_paragraph("Ärenden i siffror.")
    document.add_paragraph("Tabell 1. Ärenden per år", style="Caption")
    table = document.add_table(rows=0, cols=3)
    for row in (("År", "Ärenden", "Beslut"), ("2023", "1 204", "998"), ("2024", "1 351", "1 020")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("Myndigheten är en.", style="Intense Quote")
    document.add_paragraph("Slut på texten.")
    document.save(str(HERE / "tal.python-docx.docx"))


if __name__ == "__main__":
    for source in sorted((HERE / "sources").glob("*.html")):
        with_pandoc(source, source.stem)
        with_office(source, source.stem)
    with_python_docx()
