"""How the search compares words."""

import pytest

from pages.search.words import LONGEST_WORD, is_stop_word, stem, without_marks, words_in
from tests.tables import every_row


@pytest.mark.parametrize(
    "forms",
    [
        "hot hotet hoten hotets", "skydd skyddet skydden skyddets skydda skyddar",
        "säkerhetsskydd säkerhetsskyddet säkerhetsskyddets",
        "myndighet myndigheten myndigheter myndigheternas", "nivå nivån nivåer nivåerna",
        "miljö miljön miljöer", "brott brottet brotten brottets", "försvar försvaret försvarets",
        "anmäla anmäler anmälan anmälningar", "ansöka ansökan ansökningar",
        "analys analysen analyser", "spion spioner spionen spionernas",
    ],
)  # fmt: skip
def test_all_forms_of_a_swedish_word_have_one_stem(forms):
    assert len({stem(word, "sv") for word in forms.split()}) == 1


@every_row(
    "words",
    ["hot hotell", "internet intern", "polis politik", "terrorist terrorism", "kontroll kontra"],
)
def test_other_words_have_other_stems(words):
    assert len({stem(word, "sv") for word in words.split()}) == 2


def test_english_is_read_as_english():
    assert stem("threats", "en") == stem("threat", "en")
    assert stem("cooperating", "en") == stem("cooperation", "en")


def test_a_stem_is_its_own_stem():
    for word in ("säkerheten", "försvaret", "analysernas", "universitetet", "medborgarna"):
        assert stem(stem(word, "sv"), "sv") == stem(word, "sv")


@every_row(
    ("text", "words"),
    [
        ("Hot mot Sverige!", ["hot", "mot", "sverige"]), ("E-post", ["epost", "e", "post"]),
        ("lag (2018:585)", ["2018585", "lag", "2018", "585"]),
        ("O\u0308rnsko\u0308ldsvik", ["örnsköldsvik"]), ("a_b", ["a", "b"]), ("\x00\u202e🙂 *", []),
    ],
)  # fmt: skip
def test_a_text_is_read_as_words(text, words):
    assert list(words_in(text)) == words


def test_what_is_too_long_for_a_word_is_cut():
    assert list(words_in("å" * 10_000)) == ["å" * LONGEST_WORD]


@every_row(
    ("written", "plain"), [("säkerhet", "sakerhet"), ("åäö", "aao"), ("idé", "ide"), ("č", "c")]
)
def test_words_can_be_compared_without_marks(written, plain):
    assert without_marks(written) == plain


def test_a_function_word_says_nothing_of_what_is_looked_for():
    assert is_stop_word("vad", "sv")
    assert not is_stop_word("hot", "sv")
    assert is_stop_word("what", "en")
