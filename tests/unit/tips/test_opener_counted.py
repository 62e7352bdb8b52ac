"""The desk's script shows a tip as it was counted, and no other that is signed as well."""

import dataclasses
from typing import Any
from uuid import UUID

from tests.rings import INTAKE_KEY
from tips.sealing import trust
from tips.sealing.arrivals import ArrivalMessage, SignedArrival

from .test_opener_counting import _CODE, TEN, _answer, _ring
from .test_opener_parts import in_node

COUNTED = TEN[4]
# As whoever has a key of the intake's would sign it of the same tip.
SIGNED_ANEW = dataclasses.replace(COUNTED, digest="d1" * 32, counter=11)
OTHER = "Underskriften är en annan än den som har räknats för tipset. Innehållet kan ha bytts ut."
NOT_COUNTED = (
    "Underskriften finns inte bland dem som har räknats. Någon annan kan ha lagt tipset här."
)
_OPENED = """
const opened = async (desk, arrivals, { signed, content }) => {
  const { fault } = await arrivals.checked(signed, content, { way: "form" }, async () => "");
  return fault ?? "whole";
};
"""


def _opened(visits: list[Any], answers: list[Any], *tips: ArrivalMessage, before: str = "") -> Any:
    """What is said of tips that are opened in turn, after these visits, without the queue."""
    return in_node(
        _CODE
        + _OPENED
        + before
        + "const { desk } = browser(given.answers); const arrivals = new DeskArrivals(desk);"
        "const all = []; for (const tip of given.tips) all.push(await opened(desk, arrivals, tip)); return all;",
        ring=_ring().octets.decode(),
        visits=visits,
        answers=answers,
        tips=[_tip(each) for each in tips],
    )


def _tip(arrival: ArrivalMessage) -> dict[str, Any]:
    signed = SignedArrival.of(arrival, INTAKE_KEY)
    return {
        "signed": {"message": signed.message.decode(), **trust.signature_row(signed.signature)},
        "content": {"id": str(arrival.tip), "digest": arrival.digest, "head": arrival.head},
    }


def test_the_tip_that_was_counted_is_whole_and_another_that_is_signed_for_it_is_not():
    visits, later = [[_answer(*TEN)]], [_answer(TEN[9])]
    assert _opened(visits, later, COUNTED, SIGNED_ANEW) == ["whole", OTHER]


def test_a_browser_that_has_counted_nothing_counts_before_it_shows_a_tip():
    assert _opened([], [_answer(*TEN)], SIGNED_ANEW, COUNTED) == [OTHER, "whole"]


def test_a_tip_that_is_signed_and_has_no_number_here_is_not_shown():
    made_up = dataclasses.replace(COUNTED, tip=UUID(int=77))
    assert _opened([], [_answer(*TEN)], made_up, TEN[9]) == [NOT_COUNTED, "whole"]


def test_a_tip_that_has_come_since_is_counted_when_it_is_opened():
    visits, later = [[_answer(*TEN[:9])]], [_answer(*TEN[8:])]
    assert _opened(visits, later, TEN[9]) == ["whole"]


def test_a_number_that_was_lost_and_is_there_again_is_found_behind_those_that_follow():
    was_lost = [_answer(*TEN[:4], *TEN[5:])]
    known = f"{_KNOWN}; "
    answers = [_answer(TEN[9]), _answer(*TEN)]
    assert _opened([was_lost], answers, COUNTED, before=known) == ["whole"]


# Somebody has said that what was wrong is known.
_KNOWN = """
kept["sapo-arrivals:r"] = JSON.stringify({ epochs: given.epochs, lacked: {}, tips: [] })
""".replace("given.epochs", f'{{ "{TEN[0].epoch}": {{ counter: 10, hash: "{TEN[9].hash}" }} }}')


def test_heads_that_cannot_be_told_are_no_fault_and_one_that_is_known_to_be_another_is():
    """While the numbers cannot be had: the service does not answer, or answers something else."""
    heads = [
        {"id": str(TEN[1].tip), "payload": TEN[1].head},
        {"id": str(TEN[2].tip), "payload": "d1" * 32},
        {"id": str(UUID(int=77)), "payload": "d1" * 32},
    ]
    found = in_node(
        _CODE + "const faults = async (answers) => {"
        " const { desk } = browser(answers); return [...await new DeskArrivals(desk).faultsOf(given.heads)]; };"
        "return [await faults([{ arrivals: [], next: 'x' }]), await faults(given.answers)];",
        ring=_ring().octets.decode(),
        visits=[[_answer(*TEN)]],
        answers=[_answer(TEN[9])],
        heads=heads,
    )  # fmt: skip
    untold, told = ({tip: why.partition(".")[0] for tip, why in each} for each in found)
    other = {
        str(TEN[2].tip): "Innehållet är ett annat än det som kom in: det har bytts ut på servern"
    }
    assert untold == other
    assert told == other | {str(UUID(int=77)): "Inlämningen har inte skrivit under tipset"}
