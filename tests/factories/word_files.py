"""Word files as an author's program would write them, in as few parts as they need."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

# Who wrote the file, according to its properties.
AUTHOR = "Handläggare Hemlig"


def paragraph(text: str = "", *, style: str = "", bold: bool = False, inner: str = "") -> str:
    """A paragraph of text, or of runs already written."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{inner or run(text, '<w:b/>' if bold else '')}</w:p>"


def run(text: str, properties: str = "") -> str:
    """Some text with properties of its own, such as `<w:vanish/>`."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def link(text: str, number: int) -> str:
    """A link to one of the addresses of the file."""
    return f'<w:hyperlink r:id="link{number}">{run(text)}</w:hyperlink>'


def picture(number: int = 0, *, alt: str = "", more: str = "", crop: str = "") -> str:
    """One of the pictures of the file. `more` are attributes and children of its properties."""
    return (
        "<w:r><w:drawing><wp:inline>"
        f'<wp:docPr id="1" name="Picture 1" descr={quoteattr(alt)} {more}'
        f"{'' if '>' in more else '/>'}"
        f'<a:graphic><a:graphicData uri="{_DRAWING}/picture"><pic:pic><pic:blipFill>'
        f'<a:blip r:embed="picture{number}"/>{crop}'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r>"
    )


def item(text: str, *, level: int = 0, numbered: bool = False, user: int = 0) -> str:
    """An item of a list; `user` is one of the file's own."""
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{user or 1 + numbered}"/>'
        f"</w:numPr></w:pPr>{run(text)}</w:p>"
    )


def table(*rows: list[str], header: bool = True) -> str:
    """A table; its first row repeats as a header on every page unless told otherwise."""
    written = ""
    for number, row in enumerate(rows):
        properties = "<w:trPr><w:tblHeader/></w:trPr>" if header and not number else ""
        cells = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row)
        written += f"<w:tr>{properties}{cells}</w:tr>"
    return f"<w:tbl>{written}</w:tbl>"


def style(style_id: str, name: str, *, based_on: str = "", more: str = "") -> str:
    """A style of paragraphs."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f"{base}{more}</w:style>"
    )


STYLES = "".join(
    [
        style("Normal", "Normal"),
        style("Title", "Title"),
        style("Subtitle", "Subtitle"),
        style("Caption", "caption"),
        style("Quote", "Quote"),
        style("Ingress", "Ingress"),
        *(style(f"Heading{level}", f"heading {level}") for level in range(1, 7)),
    ]
)


def word_file(
    *body: str,
    links: tuple[str, ...] = (),
    pictures: tuple[bytes, ...] = (),
    styles: str = STYLES,
    main_type: str = _MAIN_TYPE,
    parts: dict[str, str] | None = None,
    numbering: str = "",
    start: str = "",
) -> bytes:
    """A Word file with these paragraphs.

    `parts` are further parts, kind -> content, such as "footnotes"; `start` stands before the
    document's root. `numbering` are lists besides the two of `item`.
    """
    parts = parts or {}
    namespaces = (
        f'xmlns:w="{_WORD}" xmlns:r="{_RELS}" xmlns:a="{_DRAWING}/main" '
        f'xmlns:pic="{_DRAWING}/picture" xmlns:wp="{_DRAWING}/wordprocessingDrawing" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
    )
    rels = [
        *(("styles", "styles", "styles.xml"), ("numbering", "numbering", "numbering.xml")),
        *((f"picture{n}", "image", f"media/image{n}.jpg") for n in range(len(pictures))),
        *((kind, kind, f"{kind}.xml") for kind in parts),
    ]
    written_rels = "".join(
        f'<Relationship Id="{key}" Type="{_RELS}/{kind}" Target="{target}"/>'
        for key, kind, target in rels
    )
    written_rels += "".join(
        f'<Relationship Id="link{n}" Type="{_RELS}/hyperlink" Target={quoteattr(address)} '
        'TargetMode="External"/>'
        for n, address in enumerate(links)
    )
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">'
        + "".join(
            f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{kind}"/></w:lvl>' for level in range(9)
        )
        + "</w:abstractNum>"
        for number, kind in enumerate(("bullet", "decimal"))
    )
    users = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n - 1}"/></w:num>' for n in (1, 2)
    )
    entries = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="jpg" ContentType="image/jpeg"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="a" Type="{_RELS}/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "docProps/core.xml": '<coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator>{AUTHOR}</dc:creator></coreProperties>",
        "word/document.xml": f"{start}<w:document {namespaces}><w:body>{''.join(body)}"
        "</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{written_rels}</Relationships>",
        "word/styles.xml": f"<w:styles {namespaces}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {namespaces}>{kinds}{users}{numbering}</w:numbering>",
    }
    for kind, content in parts.items():
        entries[f"word/{kind}.xml"] = f"<w:{kind} {namespaces}>{content}</w:{kind}>"
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in entries.items():
            package.writestr(name, text)
        for number, content in enumerate(pictures):
            package.writestr(f"word/media/image{number}.jpg", content)
    return output.getvalue()
