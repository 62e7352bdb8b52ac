"""The desk's script checks the numbers, whatever the desk's service answers."""

import dataclasses
from datetime import date
from typing import Any
from uuid import UUID

from tests.rings import INTAKE_KEY, ring_for
from tests.tables import every_row
from tips.sealing import age, trust
from tips.sealing.arrivals import OF_NO_TIP, ArrivalMessage, SignedArrival
from tips.sealing.keyring import IntakeKey
from tips.sealing.trust import NOTHING_BEFORE

from .test_opener_parts import in_node

DAY = date(2026, 11, 25)
E, F = "20261125" + "ea" * 12, "20261126" + "fa" * 12
PROSE = "Ring 08-123 45 67"
# Answers are asked for in turn, the last of them again and again; each `show` is what is said there.
_CODE = """
const { register } = await import("node:module");
register("data:text/javascript," + encodeURIComponent(`export const load = async (url, context, next) =>
  url.endsWith(".txt") ? { format: "module", source: "export default ''", shortCircuit: true } : next(url, context);`));
const { mock } = await import("node:test");
const element = () => ({ text: "", append(...more) { this.text += more.map((each) => each.text ?? each).join(" "); },
  setAttribute(name, value) { if (name === "class") this.text += `[${value}] `; },
  addEventListener(kind, act) { if (kind === "click") pressed.push(act); } });
const pressed = [];
globalThis.document = { createElement: element };
const kept = {};
globalThis.localStorage = { getItem: (name) => kept[name] ?? null, setItem: (name, value) => { kept[name] = value; } };
const t = await import("./trust/trust.js"), k = await import("./trust/keyring.js"), { DeskArrivals } = await import("./arrivals/arrivals.js");
const ring = k.parseKeyring(t.encode(given.ring));
const browser = (answers) => {
  let asked = 0;
  const api = { stands: async () => ({}), arrivals: async () => {
    if (asked > 50) throw new Error("asked without an end");
    return answers[Math.min(asked++, answers.length - 1)];
  } };
  if (!answers.length) api.arrivals = () => new Promise(() => {});
  const place = { said: [], replaceChildren(...all) { this.said.push(all.map(({ text }) => text).join(" ")); } };
  const desk = { key: { root: "r" }, queue: {}, api, explain: ({ message }) => ({ text: message }),
    trust: { ring: async () => ring, ringsFrom: async () => new Map([[1, ring], [2, ring]]) } };
  return { desk, place };
};
const told = async (answers, meanwhile = () => {}) => {
  const { desk, place } = browser(answers);
  const shown = new DeskArrivals(desk).show(place);
  await meanwhile();
  await shown;
  return place.said;
};
const said = [];
for (const answers of given.visits) said.push((await told(answers)).join("|"));
"""


def _told(*visits: list[dict[str, Any]]) -> str:
    """What is said in the last visit of a browser: of each visit the answers of the service."""
    return in_node(_CODE + "return said.at(-1);", ring=_ring().octets.decode(), visits=visits)


def _ring() -> Any:
    ring = ring_for([age.generate_identity().recipient])
    return dataclasses.replace(ring, intake=(IntakeKey(INTAKE_KEY.public, DAY),))


def _message(epoch: str, counter: int, previous: str, keyring: int = 1) -> ArrivalMessage:
    way, tip = ("epoch", OF_NO_TIP) if counter == 1 else ("form", UUID(int=counter))
    return ArrivalMessage(
        epoch, counter, previous, way, tip, NOTHING_BEFORE, NOTHING_BEFORE, DAY, keyring,
        INTAKE_KEY.public.id,
    )  # fmt: skip


def _chain(epoch: str, length: int, previous: str = NOTHING_BEFORE) -> list[Any]:
    found: list[ArrivalMessage] = []
    for counter in range(1, length + 1):
        found.append(_message(epoch, counter, found[-1].hash if found else previous))
    return found


def _row(arrival: ArrivalMessage) -> dict[str, Any]:
    half = trust.to_text(SignedArrival.of(arrival, INTAKE_KEY).signature.ed25519)
    said = {"message": arrival.octets.decode(), "ed25519": half}
    return {"epoch": arrival.epoch, "counter": arrival.counter, **said}


def _answer(*arrivals: ArrivalMessage, **more: Any) -> dict[str, Any]:
    rows = [_row(each) for each in arrivals]
    newest = {each.epoch: each.counter for each in arrivals}
    return {"arrivals": rows, "next": "", "newest": newest, "vanished": [], **more}


TEN = _chain(E, 10)


def test_numbers_that_are_all_there_are_said_nothing_of():
    assert _told([_answer(*TEN)]) == ""
    assert _told([_answer(*TEN)], [_answer(TEN[9])]) == ""


@every_row("newest", [8, "x", None, -1, 8.5, "9", [9], {"valueOf": 1}])
def test_nothing_that_is_said_of_the_newest_silences_that_numbers_are_gone(newest):
    words = _told([_answer(*TEN)], [_answer(newest={E: newest})])
    assert "10 har funnits och är borta." in words


@every_row(
    "more",
    [
        {"vanished": [PROSE]}, {"vanished": PROSE}, {"next": {"a": PROSE}}, {"newest": PROSE},
        {"arrivals": PROSE},
        {"arrivals": [None, PROSE, {"epoch": E, "counter": PROSE, "message": "{}"}]},
        {"arrivals": [{"epoch": PROSE, "counter": 11, "message": 5, "ed25519": 5}]},
    ],
)  # fmt: skip
def test_nothing_that_the_service_writes_is_shown(more):
    words = _told([_answer(*TEN)], [_answer(TEN[9]) | more])
    assert "08-123" not in words
    assert "NaN" not in words


def test_numbers_of_tips_that_are_gone_are_named_among_what_is_no_number():
    words = _told([_answer(*TEN, vanished=[PROSE, 4, "5", 6])])
    assert "Tips med nummer 4, 6 är borta utan att ha gallrats." in words


@every_row(
    "lots",
    [[_answer(*TEN, next="x")], [_answer(next=f"{E}:9")], [_answer(arrivals=[0] * 300_000)]],
)
def test_lots_without_end_or_that_do_not_go_forward_leave_the_numbers_unchecked(lots):
    words = _told(lots)
    assert "desk-notice--danger" in words
    assert "Numren på det som har kommit in är inte prövade" in words


def test_an_answer_that_never_comes_leaves_the_numbers_unchecked_and_that_is_said_meanwhile():
    said = in_node(
        _CODE + "mock.timers.enable({ apis: ['setTimeout'] });"
        "const passes = async (ms) => { await new Promise(setImmediate); mock.timers.tick(ms); };"
        "return await told([], async () => { await passes(2000); await passes(120_000); });",
        ring=_ring().octets.decode(),
        visits=[],
    )
    assert "Numren prövas …" in said[0]
    assert "Servern svarar inte, eller aldrig till slut" in said[1]


def test_an_epoch_that_follows_on_a_number_which_is_gone_names_it():
    anew = _chain(F, 2, TEN[9].hash)
    gone = "följer på är borta: tips som har kommit in finns inte här."
    assert gone in _told([_answer(*TEN[:2], *anew)])
    assert gone not in _told([_answer(*TEN, *anew)])
    assert gone not in _told([_answer(*TEN)], [_answer(TEN[9], *anew)])


def test_an_epoch_may_follow_on_a_number_that_was_known_here_long_ago():
    anew = _chain(F, 2, TEN[4].hash)
    all_there = _answer(*TEN, *anew)
    words = _told([_answer(*TEN)], [_answer(TEN[9], *anew), all_there])
    assert "är borta" not in words


def test_what_a_restored_backup_lacks_is_said_until_somebody_says_that_it_is_known_and_no_more():
    """A new epoch follows on where the backup ended; what is taken after that is a fault again."""
    anew = _chain(F, 2, TEN[7].hash)
    after = _answer(anew[1], newest={E: 8, F: 2})
    answers = [_answer(*anew, newest={E: 8, F: 2}), _answer(*TEN[:8], *anew)]
    words = in_node(
        _CODE
        + """
const first = browser(given.answers);
const one = new DeskArrivals(first.desk);
await one.show(first.place);
first.desk.focusHeading = () => {};
pressed.at(-1)();
return [first.place.said, await told([given.after]), await told([given.more])];
""",
        ring=_ring().octets.decode(),
        visits=[[_answer(*TEN)]],
        answers=answers,
        after=after,
        more=_answer(anew[1], newest={E: 7, F: 2}),
    )
    assert "Nummer 9–10 har funnits och är borta." in words[0][0]
    assert "Inlämningen har börjat på en ny nummerserie" in words[0][0]
    assert words[0][1] == ""
    assert words[1] == [""]
    assert "Nummer 8–10 har funnits och är borta." in words[2][0]


def test_a_number_under_a_keyring_from_before_the_last_ones_does_not_follow_on_it():
    """As whoever has a key of the intake's that has been replaced would sign it."""
    later = [_message(E, 11, TEN[9].hash, keyring=2)]
    later.append(_message(E, 12, later[0].hash, keyring=2))
    stolen = _message(E, 13, later[1].hash)
    unlinked = "Nummer 13 följer inte på det före."

    assert _told([_answer(*TEN, *later)]) == ""
    assert unlinked in _told([_answer(*TEN, *later, stolen)])
    assert unlinked in _told([_answer(*TEN, *later)], [_answer(later[1], stolen)])
