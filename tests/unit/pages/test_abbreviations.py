from pages.public.frame.abbreviations import FullName, explain
from tests.tables import every_row

KNOWN = {
    "FRA": FullName("Försvarets radioanstalt"),
    "NCT": FullName("Nationellt centrum för terrorhotbedömning"),
    "Must": FullName("Militära underrättelse- och säkerhetstjänsten"),
    "CTG": FullName("Counter-Terrorism Group", "en"),
}
NCT = "NCT (Nationellt centrum för terrorhotbedömning)"


@every_row(
    ("text", "read"),
    [
        ("NCT bedömer. NCT skriver.", f"{NCT} bedömer. NCT skriver."),
        ("NCT:s råd, NCT’s advice, NCT", f"NCT:s råd, NCT’s advice, {NCT}"),
        ("Gruppen (NCT) finns.", "Gruppen (NCT, Nationellt centrum för terrorhotbedömning) finns."),
        ("NCT-chefen på NCT", f"NCT-chefen på {NCT}"),
        ("CTG möts.", 'CTG (<span lang="en">Counter-Terrorism Group</span>) möts.'),
    ],
)
def test_full_name_stands_after_the_first_use_and_no_other(text, read):
    assert explain(f"<p>{text}</p>", KNOWN) == f"<p>{read}</p>"


@every_row(
    "text",
    [
        "NCTX, FRAKT och Mustafa",
        "Nationellt centrum för terrorhotbedömning (NCT) bedömer.",
        "NCT bedömer hotet. Det är <b>nationellt centrum för terrorhotbedömning</b>.",
        "NCT (en grupp av tre myndigheter) bedömer.",
        '<img alt="NCT" src="NCT.jpg">Inget här.',
    ],
)
def test_parts_of_words_and_what_the_editor_has_explained_are_left_alone(text):
    assert explain(f"<p>{text}</p>", KNOWN) == f"<p>{text}</p>"


@every_row("tag", ["a", "blockquote", "h2", "h5", "summary", "figcaption", "th"])
def test_headings_links_and_quotes_are_left_alone(tag):
    html = f"<{tag}>NCT</{tag}><p>NCT</p>"
    assert explain(html, KNOWN) == f"<{tag}>NCT</{tag}><p>{NCT}</p>"


def test_full_name_is_escaped():
    assert "AB (A &amp; &quot;B&quot;)" in explain("<p>AB</p>", {"AB": FullName('A & "B"')})


def test_escaped_characters_are_no_words():
    assert explain("<p>A &amp; B</p>", {"amp": FullName("ampere")}) == "<p>A &amp; B</p>"
