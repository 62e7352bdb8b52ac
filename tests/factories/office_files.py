"""Word, Excel and PowerPoint files, as people save them, and what may lie hidden in one."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pptx
from docx.document import Document
from openpyxl import Workbook
from pptx.presentation import Presentation

from .pdf_files import telling_jpeg

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_file(*changes: Callable[[Document], Any]) -> bytes:
    document = docx.Document()
    document.core_properties.author = "Anna Hemlig"
    document.core_properties.title = "Plan"
    document.add_heading("Plan för valet", 1)
    document.add_paragraph("Varje lokal ska ha en ansvarig.")
    document.add_picture(telling_jpeg())
    for change in changes:
        change(document)
    return _saved(document)


def sheet_file(*changes: Callable[[Workbook], Any]) -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = "Anna Hemlig"
    sheet = book.active
    sheet.title = "Lokaler"
    for row in (["Lokal", "Antal", "Ansvarig"], ["Skolan", 3, "Rektor"], ["Bion", 4, "Ägaren"]):
        sheet.append(row)
    for change in changes:
        change(book)
    return _saved(book)


def slide_file(*changes: Callable[[Presentation], Any]) -> bytes:
    presentation = pptx.Presentation()
    presentation.core_properties.author = "Anna Hemlig"
    for number in (1, 2):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = f"Bild {number}"
        slide.placeholders[1].text = "En punkt"
    for change in changes:
        change(presentation)
    return _saved(presentation)


def _saved(document: Any) -> bytes:
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return output.getvalue()


def edited(content: bytes, part: str, before: str, after: str) -> bytes:
    """The file with other words in one part, which must have them."""
    parts = parts_of(content)
    text = parts[part].decode()
    if before not in text:
        raise ValueError(f"{before} stands not in {part}")
    return packed({**parts, part: text.replace(before, after, 1).encode()})


def with_part(
    content: bytes,
    name: str,
    data: bytes,
    kind: str = "",
    owner: str = "_rels/.rels",
    *,
    mime: str = "",
    mode: str = "",
) -> bytes:
    """The file with one part more, to which another one refers."""
    parts = parts_of(content)
    relation = (
        f'<Relationship Id="rIdNy" Type="{RELATIONS}/{kind}" Target="{name if mode else "/" + name}"'
        f"{mode}/>"
    )
    empty = b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    said = parts.get(owner, empty).decode()
    parts[owner] = said.replace("</Relationships>", f"{relation}</Relationships>").encode()
    if not mode:
        parts[name] = data
        types = parts["[Content_Types].xml"].decode()
        override = f'<Override PartName="/{name}" ContentType="{mime or "application/xml"}"/>'
        parts["[Content_Types].xml"] = types.replace("</Types>", f"{override}</Types>").encode()
    return packed(parts)


def linked_outside(content: bytes, kind: str, target: str, owner: str) -> bytes:
    return with_part(content, target, b"", kind, owner, mode=' TargetMode="External"')
