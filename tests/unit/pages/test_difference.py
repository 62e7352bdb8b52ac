"""Two versions of a page as lines, compared word by word."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.comparing import DiffLine, Line, compare, lines_of
from pages.comparing.compared import Piece, words_compared
from pages.comparing.read_lines import NOT_ITS_OWN
from tests.pace import cpu_seconds
from tests.tables import every_row

PAGE = """
<!doctype html><html><head><title>Valet</title></head><body>
<a class="skip-link" href="#innehall">Hoppa</a><header class="site-header">Meny</header>
<main id="innehall">
  <nav class="on-this-page"><h2>På sidan</h2><ul><li><a href="#a">A</a></li></ul></nav>
  <h1>Så skyddar
     vi valet</h1>
  <div class="prose"><p>Vi har <b>utbildat</b> 210&nbsp;kommuner,<br>se <a href="/rad/">våra råd</a>.</p>
  <ul><li><p>Lås dörren</p><ul><li>Två gånger</li></ul></li></ul><ol><li>Ring 112</li></ol></div>
  <p class="link-row"><a href="https://www.val.se/"><svg aria-hidden="true"><title>Pil</title></svg>
    <span>Valmyndigheten</span></a></p>
  <figure><picture><source srcset="x.avif"><img src="/media/images/lokal.1a2b3c4d.width-400.jpg"
    alt="En vallokal"></picture><figcaption>Vallokal i Umeå</figcaption></figure>
  <figure><blockquote><p>Det är lugnt.</p></blockquote><figcaption><cite>Eva Ek</cite></figcaption></figure>
  <div class="table"><table><caption>Utbildade</caption>
    <thead><tr><th>År</th><th>Antal</th></tr></thead>
    <tbody><tr><th>2026</th><td>210<br>st</td></tr></tbody></table></div>
  <figure><video poster="/m/still.jpg"><source src="/m/film.mp4"><track src="/m/text.vtt"></video>
    <figcaption>Filmen</figcaption></figure>
  <details><summary>Vad gör ni?</summary><div>Vi skyddar.</div></details>
  <form><label>Namn <input placeholder="Ditt namn"></label><button>Skicka</button></form>
  <iframe src="https://karta.se/" title="Karta"></iframe><p hidden>Dolt</p>
  <p class="changed">Senast ändrad</p><section class="share"><h2>Dela</h2></section>
</main><footer>Sidfot</footer></body></html>
"""


def test_a_page_is_read_line_by_line_in_reading_order():
    assert lines_of(PAGE) == [
        Line("heading", "Så skyddar vi valet", level=1),
        Line("paragraph", "Vi har utbildat 210\xa0kommuner, se våra råd (→ /rad/)."),
        Line("item", "Lås dörren"),
        Line("item", "Två gånger"),
        Line("numbered", "Ring 112"),
        Line("link", "Valmyndigheten (→ https://www.val.se/)"),
        Line("picture", "En vallokal", file="images/lokal.1a2b3c4d.width-400.jpg"),
        Line("caption", "Vallokal i Umeå"),
        Line("quote", "Det är lugnt."),
        Line("source", "Eva Ek"),
        Line("table-title", "Utbildade"),
        Line("head", "År | Antal"),
        Line("row", "2026 | 210 st"),
        Line("film", file="m/film.mp4 m/text.vtt m/still.jpg"),
        Line("film-title", "Filmen"),
        Line("fold", "Vad gör ni?"),
        Line("paragraph", "Vi skyddar."),
        Line("form", "Namn"),
        Line("form", "Ditt namn"),
        Line("button", "Skicka"),
        Line("frame", "Karta", file="https://karta.se/"),
    ]


def test_a_picture_is_named_without_the_size_in_which_it_is_shown():
    (picture,) = [line for line in lines_of(PAGE) if line.kind == "picture"]

    assert (picture.file_name, picture.shown) == (
        "lokal",
        "/media/images/lokal.1a2b3c4d.width-400.jpg",
    )


@pytest.mark.parametrize("name", sorted(NOT_ITS_OWN))
def test_what_is_left_out_is_marked_so_in_a_template(name):
    texts = (path.read_text() for path in (Path(__file__).parents[3] / "templates").rglob("*.html"))

    assert any(re.search(rf'class="([\w-]+ )*{name}[ "]', text) for text in texts)


def test_a_link_around_several_lines_loses_none_of_them():
    html = '<p>Se <a href="/a/"><h3>Rubrik</h3>Text <svg><title>Karta</title></svg></a> sedan</p>'

    text = " ".join(line.text for line in lines_of(f"<div>{html}</div>"))
    assert text == "Se Rubrik Text Karta (→ /a/) sedan"


def test_words_that_another_language_is_given_to_are_read_with_it():
    before, after = (
        lines_of(f"<p>Vi hör till {name} sedan dess</p>")
        for name in ("Counter-Terrorism Group", '<span lang="en">Counter-Terrorism Group</span>')
    )

    assert before != after
    assert after[0].text == "Vi hör till Counter-Terrorism Group\xa0(engelska) sedan dess"


def test_of_a_box_to_tick_the_label_is_read():
    assert lines_of('<label><input type="checkbox" value="on"> Jag vet</label>') == [
        Line("form", "Jag vet")
    ]


def test_nothing_is_read_as_nothing():
    assert lines_of("") == lines_of("<main> </main>") == []


def test_of_a_part_of_the_frame_what_stands_around_the_example_is_read():
    html = (
        '<body><section class="alert"><p>Telefonen</p></section><header class="site-header">x'
        "</header><main><div data-example><h1>En sida</h1></div></main><footer>Tipsa oss</footer>"
    )

    assert [line.text for line in lines_of(html)] == ["Telefonen", "Tipsa oss"]


def _texts(*texts: str) -> list[Line]:
    return [Line("paragraph", text) for text in texts]


def _shown(lines: list[DiffLine]) -> list[tuple[str, str]]:
    marks = {"same": "{}", "added": "+{}+", "removed": "-{}-"}
    return [
        (line.state, "".join(marks[piece.state].format(piece.text) for piece in line.pieces))
        for line in lines
    ]


def test_a_changed_number_is_the_only_word_that_is_marked():
    before = _texts("Inledning.", "Vi har utbildat 210 kommuner.")
    after = _texts("Inledning.", "Vi har utbildat 290 kommuner. Fler väntar.")

    assert _shown(compare(before, after)) == [
        ("same", "Inledning."),
        ("changed", "Vi har utbildat -210-+290+ kommuner.+ Fler väntar.+"),
    ]


def test_a_changed_line_is_found_between_one_that_is_added_and_one_that_is_removed():
    before = _texts("Vi har utbildat 210 kommuner.", "Det räcker inte.")
    after = _texts("Rösta!", "Vi har utbildat 290 kommuner.")

    assert [line.state for line in compare(before, after)] == ["added", "changed", "removed"]


@every_row(
    ("before", "after"),
    [
        (Line("picture", "Vallokal", file="ett"), Line("picture", "Vallokal", file="tva")),
        (Line("picture", "Vallokal", file="ett"), Line("picture", "Kö utanför", file="ett")),
        (Line("heading", "Råd inför valet", level=2), Line("heading", "Råd inför valet", level=3)),
        (Line("link", "Råd (→ /a/)"), Line("link", "Råd (→ /b/)")),
        (Line("head", "År | Antal"), Line("row", "År | Antal")),
    ],
)
def test_what_is_not_a_word_is_a_change_too(before, after):
    (line,) = compare([before], [after])

    assert (line.state, line.before, line.after) == ("changed", before, after)
    assert line.loses


def test_what_was_before_is_shown_with_the_words_around_it():
    long = " ".join(f"ord{number}" for number in range(40))
    (line,) = compare(_texts(f"{long} gammalt {long}"), _texts(f"{long} nytt {long}"))

    assert "".join(piece.text for piece in line.before_pieces) == (
        " … ord34 ord35 ord36 ord37 ord38 ord39 gammalt ord0 ord1 ord2 ord3 ord4 ord5  … "
    )
    assert "".join(piece.text for piece in line.after_pieces) == f"{long} nytt {long}"


def test_a_passage_that_stands_twice_is_not_taken_for_its_twin():
    passage = ["Ett.", "Två.", "Tre.", "Fyra."]
    before = _texts(*passage[:2], "Borta.", *passage[2:], "Mitten.", *passage)
    after = _texts(*passage, "Mitten.", *passage, "Slut.")

    told = [(line.state, line.line.text) for line in compare(before, after) if not line.is_same]
    assert told == [("removed", "Borta."), ("added", "Slut.")]


def test_a_very_long_text_is_compared_all_the_same():
    before = _texts(*(f"Rad {number}" for number in range(600)))
    after = [*_texts("Först"), *before[:300], *_texts("Mitt i"), *before[301:], *_texts("Sist")]

    told = [(line.state, line.line.text) for line in compare(before, after) if not line.is_same]
    assert told == [
        ("added", "Först"), ("removed", "Rad 300"), ("added", "Mitt i"), ("added", "Sist")
    ]  # fmt: skip


def test_long_stretches_without_a_change_are_folded_but_for_the_lines_next_to_one():
    before = _texts(*"abcdefghijklmn")
    after = _texts(*"abcdeXghiYklmn")

    assert "".join(str(line.fold) for line in compare(before, after)) == "1111000000000222"
    assert {line.fold for line in compare(before, before)} == {1}


words = st.sampled_from(["valet", "210", "290", "och", ",", ".", "  ", "3,5", "å", "(→ /a/)", "–"])
texts = st.lists(words, max_size=8).map(" ".join)
lines = st.lists(
    st.builds(
        Line,
        kind=st.sampled_from(["paragraph", "item", "picture"]),
        text=texts | st.text(max_size=12),
        file=st.sampled_from(["", "", "kust", "lokal"]),
    ),
    max_size=12,
)


@given(before=lines, after=lines)
def test_both_texts_come_back_from_the_pieces(before, after):
    found = compare(before, after)

    assert [each.before for each in found if each.before] == before
    assert [each.after for each in found if each.after] == after
    for each in found:
        for side, other in ((each.before, "added"), (each.after, "removed")):
            kept = "".join(piece.text for piece in each.pieces if piece.state != other)
            assert side is None or kept == side.text
        assert (each.state == "same") == (each.before == each.after)


def _article(number: int) -> str:
    return "".join(
        f"<h2>Del {part}</h2><p>{' '.join(f'ord{(part * 7 + word) % 300}' for word in range(120))} "
        f"{number + part} kommuner.</p><p>{'Vi skyddar Sverige och demokratin. ' * 16}</p>"
        f'<figure><img src="/media/{part}.jpg" alt="Bild {part}"></figure><ul><li>Punkt</li></ul>'
        for part in range(20)
    )


def test_five_thousand_words_and_twenty_pictures_take_less_than_a_third_of_a_second():
    before, after = _article(210), _article(290)
    rewritten = after.replace("ord", "glosa")
    found = compare(lines_of(before), lines_of(after))
    assert sum(line.state == "changed" for line in found) == 20
    assert len(compare(lines_of(before), lines_of(rewritten))) >= 100
    assert cpu_seconds(lambda: compare(lines_of(before), lines_of(after))) < 0.3
    assert cpu_seconds(lambda: compare(lines_of(before), lines_of(rewritten))) < 0.3


def test_of_a_line_that_repeats_itself_too_often_both_ends_are_told():
    many = "a x. " * 300
    pieces = words_compared(f"Först. {many}b sist.", f"Först. c {many} sist.")
    assert pieces[0] == Piece("Först. ", "same")
    assert pieces[-1] == Piece("sist.", "same")
    assert {piece.state for piece in pieces[1:-1]} == {"removed", "added"}
    assert "".join(each.text for each in pieces if each.state != "added") == f"Först. {many}b sist."
    assert (
        "".join(each.text for each in pieces if each.state != "removed") == f"Först. c {many} sist."
    )
