"""Makes the PDF files that the demo offers, from the HTML beside them: `python -m tests.demo_files`.

Chromium writes them with tags; what PDF/UA asks for beside that is added here. Then they are cleaned
as an upload is, so that the demo stores them as they lie. Look at a new one with veraPDF or PAC, and have it read aloud,
before it is committed: no test does that again.
"""

import re
import shutil
import tempfile
from pathlib import Path

import pikepdf

from pages.library.cleaning.found import CleaningNotes
from pages.library.cleaning.pdf import clean_pdf

FILES = Path(__file__).resolve().parents[1] / "sapo_site" / "demo" / "content" / "files"
SOURCES = sorted((FILES / "printed").glob("*.html"))
_UA = "http://www.aiim.org/pdfua/ns/id/"


def make(only: Path, target: Path) -> None:
    """One file from one source."""
    from playwright.sync_api import sync_playwright  # which those who read the files do not need

    with tempfile.TemporaryDirectory() as folder:
        printed, promised = Path(folder, "printed.pdf"), Path(folder, "promised.pdf")
        with sync_playwright() as playwright:
            program = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page()
            page.goto(only.as_uri())
            page.pdf(path=printed, prefer_css_page_size=True, print_background=True, tagged=True)
            browser.close()
        with pikepdf.open(printed) as document:
            _name_what_lists_hold(document)
            _promise(document, re.search("<title>(.*)</title>", only.read_text())[1])  # type: ignore[index]
            document.save(promised)
        clean_pdf(promised, target, CleaningNotes())


def _name_what_lists_hold(document: pikepdf.Pdf) -> None:
    """An item of a list is a label and a body; Chromium names the label alone."""
    for each in list(document.objects):
        if _kind(each) == "/L":
            each.A = pikepdf.Dictionary(O=pikepdf.Name.List, ListNumbering=pikepdf.Name.Disc)
        elif _kind(each) == "/LI":
            _add_body(document, each)


def _add_body(document: pikepdf.Pdf, item: pikepdf.Object) -> None:
    labels = [part for part in item.K if _kind(part) == "/Lbl"]
    said = [part for part in item.K if _kind(part) != "/Lbl"]
    element = pikepdf.Dictionary(
        Type=pikepdf.Name.StructElem, S=pikepdf.Name.LBody, P=item, K=pikepdf.Array(said)
    )
    body = document.make_indirect(element)
    for part in said:
        part.P = body
    item.K = pikepdf.Array([*labels, body])


def _kind(each: pikepdf.Object) -> str:
    return str(each.get("/S", "")) if isinstance(each, pikepdf.Dictionary) else ""


def _promise(document: pikepdf.Pdf, title: str) -> None:
    """Says in the file what it is called, and that it follows PDF/UA."""
    document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.register_xml_namespace(_UA, "pdfuaid")
        metadata[f"{{{_UA}}}part"] = "1"
        metadata["dc:title"] = title


if __name__ == "__main__":
    for source in SOURCES:
        make(source, FILES / f"{source.stem}.pdf")
