"""OpenDocument texts as an author's program would write them, in as few parts as they need."""

import io
import zipfile

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_MIME_TYPE = "application/vnd.oasis.opendocument.text"


def open_document(
    body: str, *, styles: str = "", mimetype: str = _MIME_TYPE, **entries: str | bytes
) -> bytes:
    """An OpenDocument text with these paragraphs."""
    names = " ".join(
        f'xmlns:{name}="{_OFFICE}:{path}"'
        for name, path in {
            "office": "office:1.0", "text": "text:1.0", "style": "style:1.0", "table": "table:1.0",
            "draw": "drawing:1.0", "fo": "xsl-fo-compatible:1.0",
        }.items()
    )  # fmt: skip
    content = (
        f'<office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {"mimetype": mimetype, "content.xml": content, **entries}.items():
            package.writestr(name, text)
    return output.getvalue()
