"""The recipe of the seals on accounts and logins: another one would keep every handler out."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from tips.accounts import row_seals
from tips.models import Authenticator, DeskSession, Handler

AT = datetime(2026, 11, 28, 12, 0, 0, 1, tzinfo=UTC)
FACTORS = "ded269b6e177b0b562da2d8a8cf0c17b795b5be3b9d721311b433154a3a27f8b"
OF_HANDLER = "5e220ac86daf9cfed3e6011c1e34f4b1a3bb95a35edb7448a8baac8bbfd7ff53"
OF_SESSION = "85cde808ee6cd864f289a8d25de61c6e604c5d3e178e6c028c6a2d8a30552701"


def _app(**fields):
    about = {"label": "Åsas", "secret": b"s", "step": 7, **fields}
    return Authenticator(
        id=UUID(int=2), handler_id=UUID(int=1), kind="totp", made_on=AT.date(), **about
    )


def _handler(**fields):
    about = {"username": "anna", "name": "Åsa", "password": "p", "code_until": AT, **fields}
    return Handler(id=UUID(int=1), made_on=AT.date(), factors_digest=FACTORS, **about)


def test_rows_that_are_sealed_now_are_whole_in_every_later_release():
    session = DeskSession(
        id=UUID(int=3), key_hash="k", handler=_handler(), stage="in", began=AT, seen=AT, proven=AT
    )
    assert row_seals.digest_of_factors([_app()]) == FACTORS
    assert row_seals.is_whole(_handler(seal=OF_HANDLER))
    session.seal = OF_SESSION
    assert row_seals.is_whole(session)


def test_what_a_database_gives_back_is_what_was_sealed():
    """Another zone for the same moment, octets as a view of memory, what is empty in another way."""
    stockholm = AT.astimezone(timezone(timedelta(hours=1)))
    assert row_seals.is_whole(_handler(code_until=stockholm, closed_on=None, seal=OF_HANDLER))
    assert row_seals.digest_of_factors([_app(secret=memoryview(b"s"), public_key=b"")]) == FACTORS


def test_the_order_of_factors_says_nothing_and_their_number_does():
    two = [_app(), Authenticator(id=UUID(int=4), handler_id=UUID(int=1), kind="codes", made_on=AT)]
    both = row_seals.digest_of_factors(two)
    assert both == row_seals.digest_of_factors(reversed(two))
    assert both != FACTORS
    assert row_seals.digest_of_factors([]) == ""


def test_a_seal_of_one_table_is_none_in_another(settings, tmp_path):
    session = DeskSession(handler=_handler(), seal=OF_HANDLER)
    assert not row_seals.is_whole(session)
    settings.DESK_KEY_FILE = tmp_path / "desk-key"
    settings.DESK_KEY_FILE.write_text("cd" * 32)
    assert not row_seals.is_whole(_handler(seal=OF_HANDLER))
