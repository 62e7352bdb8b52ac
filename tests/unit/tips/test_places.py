"""However slowly one network sends, others find a place."""

from contextlib import ExitStack

from tests.tables import every_row
from tips.form import limits
from tips.form.places import Places


@every_row("given_away", ["198.51.{}.{}", "2001:db8:{:x}:{:x}00::1"])
def test_one_network_that_sends_slowly_leaves_places_for_all_others(given_away):
    places = Places()
    with ExitStack() as sending:

        def begins(address: str) -> bool:
            return sending.enter_context(places.one_for(address))

        its = [begins(given_away.format(number, number)) for number in range(100)]
        others = [begins(f"{number}.0.2.7") for number in range(20, 60)]

    assert sum(its) == limits.MAX_READ_AT_ONCE - limits.PLACES_HELD_BACK
    assert sum(others) == limits.PLACES_HELD_BACK
    assert not places._taken, "nothing of them is left"


def test_those_who_send_from_an_address_that_is_not_told_share_all_places():
    places = Places()
    with ExitStack() as sending:
        took = [sending.enter_context(places.one_for("")) for _form in range(40)]
    assert sum(took) == limits.MAX_READ_AT_ONCE


def test_an_ordinary_evening_of_one_network_finds_places_again_and_again():
    places = Places()
    for _form in range(100):
        with places.one_for("192.0.2.7") as is_free:
            assert is_free
