"""PDF files as people make them, drawn by hand: what is on a page, and what lies hidden in it."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

LINE = "Rad {}: säkerhetsskydd är viktigt för alla – fi fl 12,5 % och 'citat'."
SCANNED = "Detta är en inskannad rad ur en utredning"
Painting = Callable[[Canvas], None]


def pdf_of(*paintings: Painting, **options: Any) -> bytes:
    """One page that all of these paint on, with the title ”Plan”."""
    output = io.BytesIO()
    canvas = Canvas(output, pageCompression=1, **options)
    canvas.setTitle("Plan")
    canvas.setAuthor("Anna Hemlig")
    for paint in paintings:
        canvas.saveState()
        paint(canvas)
        canvas.restoreState()
    canvas.showPage()
    canvas.save()
    return output.getvalue()


def changed(content: bytes, change: Callable[[pikepdf.Pdf], None], **options: Any) -> bytes:
    """The file with something put into it that Canvas cannot write."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        change(document)
        document.save(output, **options)
    return output.getvalue()


# On a page


def lines(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 12)
    for number in range(30):
        canvas.drawString(72, 780 - number * 16, LINE.format(number))


def text(words: str, x: float = 72, y: float = 100, size: float = 12, **more: Any) -> Painting:
    def paint(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        canvas.setFillColorRGB(*more.get("colour", (0, 0, 0)), alpha=more.get("alpha"))
        written = canvas.beginText(x, y)
        written.setTextRenderMode(more.get("mode", 0))
        written.textLine(words)
        canvas.drawText(written)

    return paint


def box(
    x: float, y: float, width: float, height: float, colour: tuple[float, float, float] = (0, 0, 0)
) -> Painting:
    def paint(canvas: Canvas) -> None:
        canvas.setFillColorRGB(*colour)
        canvas.rect(x, y, width, height, fill=1, stroke=0)

    return paint


def picture(x: float, y: float, width: float, height: float) -> Painting:
    def paint(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("RGB", (60, 40), "#c02020")), x, y, width, height)

    return paint


def photograph(canvas: Canvas) -> None:
    """With what a camera writes, as it is embedded by most programs."""
    canvas.drawImage(ImageReader(telling_jpeg()), 72, 100, 200, 150)


def telling_jpeg() -> io.BytesIO:
    exif = Image.Exif()
    exif[0x013B] = "Anna Hemlig"
    output = io.BytesIO()
    Image.effect_noise((80, 60), 50).convert("RGB").save(
        output, "JPEG", exif=exif, comment=b"Anna Hemlig"
    )
    return output


def clipped(words: str) -> Painting:
    def paint(canvas: Canvas) -> None:
        window = canvas.beginPath()
        window.rect(0, 0, 10, 10)
        canvas.clipPath(window, stroke=0)
        text(words)(canvas)

    return paint


def turned(words: str) -> Painting:
    def paint(canvas: Canvas) -> None:
        canvas.translate(50, 300)
        canvas.rotate(90)
        text(words, 0, 0)(canvas)

    return paint


def scan(canvas: Canvas) -> None:
    image = Image.new("L", (1240, 1754), 250)
    drawing = ImageDraw.Draw(image)
    for number in range(30):
        drawing.text((150, 150 + number * 50), f"{SCANNED} {number}", fill=20, font_size=24)
    output = io.BytesIO()
    image.save(output, "JPEG", quality=60)
    canvas.drawImage(ImageReader(output), 0, 0, 595, 842)


def read_by_machine(canvas: Canvas) -> None:
    """The invisible text that a scanner's program lays over its picture."""
    written = canvas.beginText()
    written.setTextRenderMode(3)
    written.setFont("Helvetica", 11)
    for number in range(30):
        written.setTextOrigin(72, 842 - (150 + number * 50 + 22) * 842 / 1754)
        written.textLine(f"{SCANNED} {number}")
    canvas.drawText(written)


# In the file


def mark(kind: str, **fields: Any) -> Callable[[pikepdf.Pdf], None]:
    """An annotation of a page, with an author."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        given = {f"/{name}": value for name, value in fields.items()}
        each = Dictionary(
            {"/Type": Name.Annot, "/Subtype": Name(f"/{kind}"), "/T": String("Anna Hemlig"),
             "/Contents": String("hemlig kommentar"), "/Rect": Array([60, 95, 260, 115]), **given}
        )  # fmt: skip
        marks = page.obj.get("/Annots", Array())
        marks.append(document.make_indirect(each))
        page.obj.Annots = marks

    return change


def look(document: pikepdf.Pdf, operators: bytes, width: int = 200, height: int = 20) -> Dictionary:
    """How a mark looks."""
    form = document.make_stream(operators)
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([0, 0, width, height])
    return Dictionary({"/N": form})


def linked(address: str) -> Callable[[pikepdf.Pdf], None]:
    action = Dictionary({"/S": Name.URI, "/URI": String(address)})
    return mark("Link", A=action, Contents=String("Vår webbplats"))


def attach(document: pikepdf.Pdf) -> None:
    document.attachments["hemlig.txt"] = b"hemlig bilaga"


def run_scripts(document: pikepdf.Pdf) -> None:
    script = Dictionary({"/S": Name.JavaScript, "/JS": String("app.alert('hemlig')")})
    document.Root.OpenAction = script
    document.Root.AA = Dictionary({"/WC": script})
    names = Array([String("hemlig"), document.make_indirect(script)])
    document.Root.Names = Dictionary({"/JavaScript": Dictionary({"/Names": names})})
    document.pages[0].obj.AA = Dictionary({"/O": script})


def keep_private_data(document: pikepdf.Pdf) -> None:
    page = document.pages[0].obj
    private = Dictionary({"/Private": String("hemlig"), "/LastModified": String("D:2026")})
    page.PieceInfo = Dictionary({"/Illustrator": private})
    page.Thumb = document.make_stream(b"hemlig miniatyr")


def describe(document: pikepdf.Pdf) -> None:
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:creator"] = ["Anna Hemlig"]
        metadata["xmpMM:DocumentID"] = "uuid:hemlig"
        metadata["{http://www.aiim.org/pdfua/ns/id/}part"] = "1"


def tag(document: pikepdf.Pdf) -> None:
    document.Root.Lang = String("sv-SE")
    document.Root.MarkInfo = Dictionary({"/Marked": True})
    document.Root.StructTreeRoot = document.make_indirect(
        Dictionary({"/Type": Name.StructTreeRoot, "/K": Array()})
    )


def layer(is_on: bool) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        group = document.make_indirect(
            Dictionary({"/Type": Name.OCG, "/Name": String("Ledningar")})
        )
        order = Dictionary({"/OFF": Array([] if is_on else [group])})
        document.Root.OCProperties = Dictionary({"/OCGs": Array([group]), "/D": order})

    return change


def field(**fields: Any) -> Callable[[pikepdf.Pdf], None]:
    """A field of a form."""

    def change(document: pikepdf.Pdf) -> None:
        given = {"/FT": Name.Tx, **{f"/{name}": value for name, value in fields.items()}}
        place = {"/Rect": Array([60, 50, 260, 70]), "/P": document.pages[0].obj}
        kind = {"/Type": Name.Annot, "/Subtype": Name.Widget, "/T": String("namn")}
        each = document.make_indirect(Dictionary({**kind, **place, **given}))
        document.pages[0].obj.Annots = Array([each])
        document.Root.AcroForm = Dictionary({"/Fields": Array([each])})

    return change


def with_former_version(content: bytes) -> bytes:
    """As Acrobat saves: what is new stands behind what was before, and nothing is gone."""
    start = content.rindex(b"startxref")
    former = content[start:].split()[1]
    with pikepdf.open(io.BytesIO(content)) as document:
        number, root = int(document.trailer.Size), document.Root.objgen[0]
    body = b"%d 0 obj\n(hemlig version)\nendobj\n" % number
    at = len(content)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %s >>\n" % (number + 1, root, former)
    return content + body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (at + len(body))
