"""What authors and other programs write in ways of their own, and what only belongs to the frame."""

from pages.importing.documents import AskedQuestion, Heading, Prose, Table
from pages.importing.link_targets import _as_a_browser_reads_it
from pages.importing.wrapped_links import unwrapped
from tests.factories.open_documents import open_document
from tests.factories.word_files import paragraph, run, word_file
from tests.tables import every_row

TOP = "<h1>T</h1><p>I.</p>"


def words(article) -> list[str]:
    return [part.html for part in article.parts if isinstance(part, Prose)]


def test_questions_in_buttons_are_questions_that_open(read):
    article = read(
        "a.html",
        f'{TOP}<button aria-expanded="false">Hur länge?</button><div hidden><p>En månad.</p></div>'
        '<h3><button aria-controls="x">Vem?</button></h3><div style="display: none" id="x">'
        "<ul><li>Alla.</li></ul></div><p>Slut.</p>",
    )
    assert article.parts == [
        AskedQuestion("Hur länge?", "<p>En månad.</p>"),
        AskedQuestion("Vem?", "<ul><li>Alla.</li></ul>"),
        Prose("<p>Slut.</p>"),
    ]
    assert not article.notes.dropped


def test_answer_with_more_than_text_is_a_section(read):
    article = read(
        "a.html", f"{TOP}<details><summary>Hur?</summary><h4>Så</h4><p>Så.</p></details>"
    )
    assert article.parts[0] == Heading("Hur?", 2)
    assert article.notes.to_check == [
        "Delar som öppnades med ett klick har blivit vanliga avsnitt."
    ]


def test_marks_made_by_hand_are_lists(read):
    article = read(
        "a.html",
        f"{TOP}<p>• ett</p><p>• två</p><p>Mellan.</p><p>1) a</p><p>2) b</p><p>3. ensam</p><p>Så.</p>"
        "<p>2) inte från ett</p><p>3) så</p>",
    )
    assert words(article) == [
        "<ul><li>ett</li><li>två</li></ul><p>Mellan.</p>"
        "<ol><li>a</li><li>b</li><li>ensam</li></ol><p>Så.</p><p>2) inte från ett</p><p>3) så</p>"
    ]


def test_table_within_a_cell_is_lines_of_it(read):
    article = read(
        "a.html",
        f"{TOP}<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><table><tr><td>x</td><td>y</td></tr>"
        "<tr><td>z</td><td>w</td></tr></table></td></tr></table>",
    )
    assert article.parts == [Table((("a", "b"), ("1", "x | y\nz | w")))]


def test_speech_keeps_its_dashes_and_captions_are_no_headings(read):
    text = "Titel\n\nIngressen är kort.\n\nBild 1: En kust\n\n– Vi ser det.\n– Ja!\n\n– a\n– b\n"
    assert words(read("a.txt", text)) == [
        "<p>Bild 1: En kust</p><p>– Vi ser det.</p><p>– Ja!</p><ul><li>a</li><li>b</li></ul>"
    ]


def test_joined_signs_stay_joined_and_joiners_between_letters_go(read):
    assert words(read("a.html", f"{TOP}<p>👩🏽\u200d💻 fa\u200dbc\u200bd</p>")) == [
        "<p>👩🏽\u200d💻 fabcd</p>"
    ]


def test_helper_texts_and_links_that_share_are_no_content(read):
    article = read(
        "a.html",
        f'{TOP}<p>Se <a href="https://www.msb.se/">MSB<span class="env-assistive-text">Länk till annan '
        'webbplats.</span></a>.</p><ul><li><a href="https://www.facebook.com/sharer/x">'
        'Facebook</a></li><li><a href="mailto:?subject=x">E-post</a></li></ul>',
    )
    assert words(article) == ['<p>Se <a href="https://www.msb.se/">MSB</a>.</p>']


def test_running_header_is_no_content_and_is_named(read):
    header = "<p>Säkerhetspolisen UTKAST Dnr 2024-1234</p>"
    article = read("a.html", f"{header}{TOP}<p>Text.</p>{header}<p>Se dnr 2024-12 om detta.</p>")
    assert (article.title, article.lead) == ("T", "I.")
    assert words(article) == ["<p>Text.</p><p>Se dnr 2024-12 om detta.</p>"]
    assert article.notes.dropped == {
        "sidhuvud eller sidfot på en sida, som ”Säkerhetspolisen UTKAST Dnr 2024-1234”": 2
    }


@every_row(
    ("html", "said"),
    [
        ('<p><ins cite="mailto:Anna" datetime="2024-01-01">ny</ins></p>', "spårade ändringar"),
        ('<p><del datetime="2024-01-01">gammal</del></p>', "spårade ändringar"),
        ('<p><span class="suggested-insertion">ny</span></p>', "spårade ändringar"),
        ("<p class=MsoCommentText>Är detta hemligt?</p>", "kommentarer"),
        ('<p>x<a style="mso-comment-reference:AB_1">y</a></p>', "kommentarer"),
    ],
)
def test_changes_and_comments_in_html_are_refused_as_words_are(refused, html, said):
    assert said in refused("a.html", TOP + html)


@every_row(
    ("address", "plain"),
    [
        ("https://x.se/?a=1&utm_source=b&fbclid=1&gclid=2#d", "https://x.se/?a=1#d"),
        ("https://x.se/?utm_campaign=b", "https://x.se/"),
        ("https://x.se/?mc_eid=b&b=%20", "https://x.se/?b=%20"),
        ("https://x.se/?a=1#b", "https://x.se/?a=1#b"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fmsb.se%2F%3Futm_id%3Dx%26a%3D1"
            "&data=05%7Canna@example.se",
            "https://msb.se/?a=1",
        ),
    ],
)
def test_address_loses_what_tracks_readers_and_nothing_else(address, plain):
    assert unwrapped(_as_a_browser_reads_it(address)) == plain


# OpenDocument texts

ODT_TOP = '<text:h text:outline-level="1">T</text:h><text:p>I.</text:p>'


@every_row(
    ("content", "said"),
    [
        (open_document("<text:tracked-changes><text:changed-region/></text:tracked-changes>"), "spårade ändringar"),
        (open_document("<text:p>x<office:annotation><text:p>?</text:p></office:annotation></text:p>"), "kommentarer"),
        (open_document("<text:p><text:hidden-text>x</text:hidden-text></text:p>"), "dold text"),
        (
            open_document(
                "<text:p>x</text:p>",
                styles='<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>',
            ),
            "dold text",
        ),
        (open_document("x", **{"META-INF/manifest.xml": "<encryption-data/>"}), "lösenord"),
        (open_document("x", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "inte vad namnet säger"),
        (open_document("<text:p>" * 5_000 + "</text:p>" * 5_000), "djupt"),
        (open_document("<text:p>x</text:p>" * 6_000), "för långt"),
        (open_document("<text:p>"), "går inte att läsa som"),
        (open_document("x", **{"content.xml": "<a/>"}), "går inte att läsa som"),
        (open_document("x", a=bytes(250_000_000)), "för stor när den packas upp"),
        (b"%PDF-1.7", "en pdf"),
        (b"", "tom"),
        (open_document("<text:p>x</text:p>")[:200], "trasig"),
    ],
    ids=[
        "changes", "comments", "hidden text", "hidden by its style", "password", "spreadsheet", "deep",
        "long", "broken XML", "no text", "bomb", "PDF", "empty", "cut off",
    ],
)  # fmt: skip
def test_open_document_is_refused_as_a_word_file_is(refused, content, said):
    assert said in refused("a.odt", content)


def test_all_that_is_to_be_settled_in_an_open_document_or_web_page_is_told_at_once(refused):
    odt = open_document(
        "<text:tracked-changes><text:changed-region/></text:tracked-changes>"
        "<text:p>x<office:annotation/><text:hidden-text>y</text:hidden-text></text:p>"
    )
    told = refused("a.odt", odt)
    assert all(each in told for each in ("dold text", "kommentarer", "spårade ändringar"))
    html = b'<p>x <ins datetime="2026-01-01">y</ins> <a href="#cmnt1">[a]</a></p>'
    told = refused("a.html", html)
    assert all(each in told for each in ("kommentarer", "spårade ändringar"))


def test_what_word_draws_or_turns_keeps_its_words_and_what_cannot_come_along_is_named(read):
    levels = '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:lvlText w:val="%1 kap."/></w:lvl><w:lvl '
    levels += 'w:ilvl="1"><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId '
    levels += 'w:val="7"/></w:num>'

    def heading(text: str, level: int) -> str:
        numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr>'
        return paragraph(text, style=f"Heading{level + 2}").replace("</w:pPr>", numbered)

    wordart = '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="Konst"/></v:shape>'
    ruby = f"<w:r><w:ruby><w:rt>{run('ovan')}</w:rt><w:rubyBase>{run('bas')}</w:rubyBase></w:ruby></w:r>"
    turned = f'<w:bdo w:val="ltr">{run("vänd")}</w:bdo><w:dir w:val="ltr">{run(" hit")}</w:dir>'
    inner = f"{wordart}</w:pict></w:r>{ruby}{turned}"
    odd = f'<w:odd>{run("Försvinner")}</w:odd><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com'
    odd += ':office:office" ProgID="Excel.Sheet.12"/></w:object></w:r>'
    body = [
        heading("Inledande", 0),
        paragraph(inner=inner),
        heading("Lag", 1),
        paragraph(inner=odd),
    ]
    file = word_file(paragraph("T", style="Title"), paragraph("I."), *body, numbering=levels)
    article = read("a.docx", file)
    assert article.parts == [
        Heading("1 kap. Inledande", 2), Prose("<p>Konst basvänd hit</p>"), Heading("Lag", 3),
    ]  # fmt: skip
    assert article.notes.dropped == {"nummer på rubriker, som ”1.1”": 1, "text ovanför tecken": 1}
    assert article.notes.to_complete == [
        "Lägg till det inbäddade som inte kunde tas med: Excel.Sheet.12.",
        "Lägg till texten som inte kunde tas med: ”Försvinner”.",
    ]


@every_row(
    ("name", "content", "said"),
    [
        ("a.txt", "Tågåret\n\nI.\n\n§ 1 – ”så”".encode("cp1252"),
         "Filen säger inte hur bokstäverna i den är lagrade. Den har lästs som Windows-1252: ”Tågåret”."),
        ("a.html", "<h1>TÃ¥gÃ¥ret</h1><p>I.</p><p>Â§ 1 â€“ â€\x9dsÃ¥â€\x9d</p>".encode(),
         "Bokstäver som hade blivit fel i ett program, som ”Ã¥”, har rättats: läs igenom texten."),
    ],
    ids=["Windows-1252", "decoded twice"],
)  # fmt: skip
def test_swedish_letters_are_mended_and_the_guess_is_shown(read, name, content, said):
    article = read(name, content)
    assert (article.title, words(article)) == ("Tågåret", ["<p>§ 1 – ”så”</p>"])
    assert said in article.notes.to_check


def test_what_an_abbreviation_stands_for_and_links_in_pictures_are_named(read):
    html = '<p><abbr title="Nationellt centrum">NC</abbr></p><map><area href="/x" alt="Norr"></map>'
    assert read("a.html", TOP + html).notes.to_check == [
        "En länk låg på en del av en bild: ”Norr”, /x.",
        "Vad ”NC” står för har inte följt med: ”Nationellt centrum”.",
    ]


def test_open_document_keeps_numbers_notes_boxes_and_languages(read):
    styles = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="a" '
        'style:num-suffix=")"/></text:list-style>'
        '<style:style style:name="T1"><style:text-properties fo:language="en"/></style:style>'
        '<style:style style:name="T2"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    body = (
        f'{ODT_TOP}<text:p><text:span text:style-name="T1">English</text:span> '
        '<text:span text:style-name="T2">fet</text:span><text:s/><text:note><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p>Not.</text:p></text:note-body></text:note></text:p>"
        '<text:list text:style-name="L1"><text:list-item><text:p>x</text:p></text:list-item></text:list>'
        '<text:p>Mellan.</text:p><text:list text:style-name="L1" text:continue-numbering="true"><text:list-item>'
        "<text:p>y</text:p></text:list-item></text:list><text:table-of-content><text:p>T 1</text:p>"
        "</text:table-of-content><text:p><draw:frame><draw:text-box><text:p>I en ruta.</text:p>"
        "</draw:text-box></draw:frame></text:p>"
    )
    article = read("a.odt", open_document(body, styles=styles))
    assert words(article) == [
        '<p><span lang="en">English</span> <b>fet</b> [1]</p><p>a) x</p><p>Mellan.</p><p>b) y</p>'
        "<p>I en ruta.</p>",
        "<ol><li>Not.</li></ol>",
    ]
    assert article.notes.dropped == {"rader ur innehållsförteckningen": 1}
