"""Twelve words that two people can read aloud: the list keeps its rules, and is frozen."""

import re
from itertools import pairwise
from pathlib import Path

from tips.sealing import fingerprint, trust

LIST = Path(fingerprint.__file__).with_name("ordlista.txt")
WORDS = LIST.read_text().split("\n")[:-1]
# How Swedish spells the same sound, at the beginning of a word and within it.
FIRST_SOUNDS = [("hj|lj|gj|dj|g(?=[eiy])", "j"), ("skj|stj|sj|sch|sh|sk(?=[eiy])", "S")]
FIRST_SOUNDS += [("kj|tj|k(?=[eiy])", "C")]
SOUNDS = [("ck", "k"), ("x", "ks"), ("z", "s"), ("w", "v"), ("q", "k"), ("ph", "f"), ("th", "t")]
SOUNDS += [("c(?=[eiy])", "s"), ("c", "k"), ("dt", "t"), (r"(.)\1+", r"\1")]
# Some that this is about, to be sure that it is heard.
SOUND_ALIKE = [("hjord", "jord"), ("hjul", "jul"), ("ljus", "jus"), ("cent", "sent")]
SOUND_ALIKE += [("vagn", "wagn"), ("tjock", "kjock"), ("sjal", "skjal"), ("lagg", "lag")]
OFFENSIVE = [
    "hora", "fitta", "knull", "kuk", "neger", "skit", "mord", "bomb", "terror", "vapen", "blod",
    "dum", "fet", "ful", "lik",
]  # fmt: skip


def test_the_list_has_2048_words_of_four_to_seven_letters_in_order():
    assert len(WORDS) == 2048
    assert sorted(set(WORDS)) == WORDS
    assert [word for word in WORDS if not re.fullmatch("[a-z]{4,7}", word)] == []


def test_the_first_four_letters_tell_which_word_it_is():
    assert [(one, two) for one, two in pairwise(WORDS) if one[:4] == two[:4]] == []


def test_no_word_becomes_another_by_one_letter():
    found, seen = [], {}
    for word in WORDS:
        for at in range(len(word)):
            for form in (word[:at] + "*" + word[at + 1 :], word[:at] + word[at + 1 :]):
                found += [(word, other) for other in seen.get(form, ()) if other != word]
                seen.setdefault(form, []).append(word)
        found += [(word, other) for other in seen.get(word, ()) if other != word]
    of_these = set(WORDS)
    found += [
        (word, word[:at] + word[at + 1 :])
        for word in WORDS
        for at in range(len(word))
        if word[:at] + word[at + 1 :] in of_these
    ]

    assert [pair for pair in found if _is_one_letter_apart(*pair)] == []


def test_no_word_sounds_like_another_and_none_offends():
    by_sound = {}
    for word in WORDS:
        by_sound.setdefault(_sound(word), []).append(word)

    assert [words for words in by_sound.values() if len(words) > 1] == []
    assert [pair for pair in SOUND_ALIKE if _sound(pair[0]) != _sound(pair[1])] == []
    assert set(OFFENSIVE) & set(WORDS) == set()


def test_a_hash_is_read_as_the_twelve_words_of_the_vector():
    numbers = [2026, 1170, 684, 193, 808, 928, 556, 1557, 218, 2001, 1817, 1134]
    digest = "fd5249560c1650e81166151b5f478cc6e30642056d834cdc9da93d66a5401f04"

    assert fingerprint.words(digest) == tuple(WORDS[number] for number in numbers)
    assert fingerprint.words("0" * 64) == (WORDS[0],) * 12
    assert fingerprint.words("f" * 64) == (WORDS[-1],) * 12


def test_the_words_are_shown_in_three_rows_of_four():
    rows = fingerprint.word_rows("0" * 64)

    assert rows == [" ".join([WORDS[0]] * 4)] * 3


def test_the_list_is_frozen():
    assert trust.sha256_of(LIST.read_bytes()) == fingerprint.HASH_OF_THE_LIST


def _sound(word: str) -> str:
    for spelling, sound in FIRST_SOUNDS:
        word = re.sub(f"^(?:{spelling})", sound, word)
    for spelling, sound in SOUNDS:
        word = re.sub(spelling, sound, word)
    return word


def _is_one_letter_apart(one: str, two: str) -> bool:
    if len(one) == len(two):
        return sum(a != b for a, b in zip(one, two, strict=True)) == 1
    long, short = sorted((one, two), key=len, reverse=True)
    return short in {long[:at] + long[at + 1 :] for at in range(len(long))}
