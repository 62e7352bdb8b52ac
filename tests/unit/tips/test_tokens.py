"""The form's token: from here, not too fresh, not too old, and good for one tip."""

import time

import pytest

from tests.tables import every_row
from tips.form import limits, tokens

NOW = 1_795_000_000.0


def test_a_token_tells_how_long_ago_the_form_was_shown():
    token = tokens.read_token(tokens.make_token(NOW - 60), NOW)
    assert token.age == 60
    assert not token.is_too_fresh


@every_row(("seconds", "is_too_fresh"), [(0, True), (2.9, True), (3, False)])
def test_a_form_that_is_sent_at_once_is_too_fresh(seconds, is_too_fresh):
    assert tokens.read_token(tokens.make_token(NOW), NOW + seconds).is_too_fresh is is_too_fresh


@every_row(("seconds", "is_read"), [(-1, False), (21_600, True), (21_601, False)])
def test_a_token_lives_for_six_hours(seconds, is_read):
    assert (tokens.read_token(tokens.make_token(NOW), NOW + seconds) is not None) is is_read


def test_a_token_always_gives_the_same_tip_and_two_never_do():
    one, other = tokens.make_token(NOW), tokens.make_token(NOW)
    assert tokens.read_token(one, NOW).tip_id == tokens.read_token(one, NOW + 9).tip_id
    assert tokens.read_token(one, NOW).tip_id != tokens.read_token(other, NOW).tip_id
    assert tokens.read_token(one, NOW).tip_id.version == 4


def test_neither_the_id_nor_the_time_of_a_tip_can_be_found_in_the_other():
    text = tokens.make_token(NOW)
    tip_id = tokens.read_token(text, NOW).tip_id
    assert tip_id.hex[:8] not in text
    assert int(NOW).to_bytes(4, "big") not in tip_id.bytes


def test_a_token_with_any_octet_changed_is_refused():
    token = tokens.make_token(NOW)
    for at, letter in enumerate(token):
        changed = f"{token[:at]}{'A' if letter != 'A' else 'B'}{token[at + 1 :]}"
        assert tokens.read_token(changed, NOW) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda token: "", lambda token: token[:-1], lambda token: token + "A",
        lambda token: token + "=", lambda token: f" {token}", lambda token: token + "\0",
        lambda token: "å" * len(token), lambda token: "\ud800" * 71, lambda token: "A" * 100_000,
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_not_written_as_a_token_is_refused(change):
    assert tokens.read_token(change(tokens.make_token(NOW)), NOW) is None


def test_a_token_signed_with_another_key_is_refused(settings):
    token = tokens.make_token(NOW)
    settings.SECRET_KEY = "another"
    assert tokens.read_token(token, NOW) is None


def test_a_form_that_was_open_when_the_key_was_changed_gives_the_same_tip(settings):
    token = tokens.make_token(NOW)
    before = tokens.read_token(token, NOW)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert tokens.read_token(token, NOW) == before


def test_a_form_that_was_open_when_a_new_version_was_put_in_gives_the_same_tip(settings):
    """What is written here was made by the version that came before: it is not to change."""
    settings.SECRET_KEY = "only-for-this-test"
    token = "1795000000-BB3-LmGJC4YGTKP85OClNw.vdkLDxvx4NX2Z__Ij_K4UpVFpgkQVYZB-wUI2aB2HX8"
    assert str(tokens.read_token(token, NOW).tip_id) == "cfe09988-2a10-46a7-b72f-d7ece67b0570"


def test_a_token_is_of_this_very_second_unless_another_is_given(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: NOW)
    assert tokens.make_token() != tokens.make_token()
    assert tokens.read_token(tokens.make_token(), NOW + 60).age == 60
    assert tokens.read_token(tokens.make_token(NOW - 60)).age == 60


def test_the_window_is_the_one_that_is_promised():
    assert (limits.MIN_TOKEN_SECONDS, limits.MAX_TOKEN_SECONDS) == (3, 6 * 60 * 60)
