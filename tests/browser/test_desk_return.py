"""Coming back to the queue costs what has changed, and a first opening what one reads."""

from typing import Any

from playwright.sync_api import Response, expect

from tests.acts import act_now
from tests.rings import letters
from tips.handling import steps
from tips.sealing import age
from tips.sealing.reference import reference_of

from .desk import Desk, HeldBack, leave, until

MOST_OCTETS = 50 * 1024


# How many keys of files the browser has taken out.
COUNTED = """
    window.takenOut = 0;
    const native = SubtleCrypto.prototype.decapsulateBits;
    SubtleCrypto.prototype.decapsulateBits = function (...given) {
      window.takenOut += 1;
      return native.apply(this, given);
    };
"""


class Asked:
    """What the desk asks of the queue, and how much it is answered."""

    def __init__(self, desk: Desk) -> None:
        self._answers: list[Response] = []
        desk.page.on("response", lambda answer: self._hear(answer))

    def _hear(self, answer: Response) -> None:
        is_of_key_view = answer.url.endswith("=999999999")
        if "/api/ko/" in answer.url and not is_of_key_view:
            self._answers.append(answer)

    def taken(self) -> list[tuple[str, int]]:
        """The questions since the last time, and the size of each answer."""
        answers, self._answers = self._answers, []
        return [(each.url.partition("/api/ko/")[2], len(each.body())) for each in answers]


def _add_handlers(tip_channel: Any, count: int) -> None:
    for number in range(count):
        tip_channel.trust.add(f"Mottagare {letters(number + 1)}", age.generate_identity().recipient)


def test_who_comes_back_asks_for_what_has_changed_alone(desk, tip_channel):
    _add_handlers(tip_channel, 14)
    one, spam, other, *_rest = [leave(f"Tips nummer {n}") for n in range(60)]
    asked = Asked(desk)
    desk.page.add_init_script(COUNTED)
    desk.open_queue()
    ((_first, whole),) = asked.taken()
    assert desk.page.evaluate("takenOut") == 60
    # A head of each, and not one for each of fifteen.
    assert whole < 60 * 5_000 + MOST_OCTETS

    desk.open(one)
    act_now("tipsmottagare", "hold", other, "archive")
    act_now("tipsmottagare", "spam", spam, "trial")
    came = leave("Kom nyss", urgent="1")
    asked.taken()
    before = desk.page.evaluate("takenOut")
    desk.back()

    ((question, octets),) = asked.taken()
    assert question.startswith("?sedan=")
    assert octets < MOST_OCTETS
    expect(desk.page.locator(".desk-queue__count")).to_have_text("60 tips")
    rows = desk.page.locator("tbody tr")
    expect(rows.filter(has_text="Kom nyss")).to_contain_text("Bråttom")
    expect(rows.filter(has_text=reference_of(other))).to_contain_text("Får inte gallras")
    expect(rows.filter(has_text=reference_of(one))).to_contain_text("Läst")
    expect(rows.filter(has_text=reference_of(spam))).to_have_count(0)
    assert desk.rows()[0] == reference_of(came)
    assert desk.page.evaluate("takenOut") == before + 1  # the new one's


def test_a_queue_that_was_left_before_all_had_come_goes_on_where_it_was(desk, monkeypatch):
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", 3)
    days = [leave(f"Dag {day}", days=day) for day in range(8)]
    steps.take_in_new()
    asked = Asked(desk)
    held = HeldBack(desk.page)
    desk.open_queue()
    desk.open(days[0])
    desk.page.unroute_all()  # what was held comes too late: nobody waits for it
    until(desk.page, lambda: any("efter" in question for question, _octets in asked.taken()))
    assert len(held.asked) == 1
    for tip in days[1:5]:  # more than come at once
        steps.open_tip(tip, "bertil")

    desk.back()

    expect(desk.page.locator(".desk-queue__count")).to_have_text("8 tips")
    questions = [question for question, _octets in asked.taken()]
    assert [question.partition("=")[0] for question in questions] == [
        "?sedan", "?sedan", "?efter", "?efter",
    ]  # fmt: skip
    expect(desk.page.locator("tbody tr").filter(has_text="Läst")).to_have_count(5)
    assert sorted(desk.rows()) == sorted(map(reference_of, days))


def test_with_another_key_or_keyring_all_is_asked_for_again(desk, tip_channel):
    tip = leave("Bara i minnet")
    asked = Asked(desk)
    desk.open_tip(tip)
    _add_handlers(tip_channel, 1)
    asked.taken()
    desk.back()
    assert [question for question, _octets in asked.taken()] == ["?sedan=1", ""]
    expect(desk.page.get_by_text("Nyckelring 2 gäller")).to_be_visible()

    # What was opened is forgotten with the key.
    desk.lock_and_unlock()
    assert [question for question, _octets in asked.taken()] == [""]


def test_a_full_list_moves_while_the_rest_comes_only_when_something_urgent_does(desk, monkeypatch):
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", 200)
    newest = [leave(f"Nyast nummer {number}") for number in range(200)]
    for number in range(5):
        leave(f"Äldre nummer {number}", days=2)
    urgent = leave("Gammalt men bråttom", days=3, urgent="1")
    last = [leave(f"Äldst nummer {number}", days=day) for number, day in enumerate((4, 5, 6))]
    steps.take_in_new()
    held = HeldBack(desk.page)
    desk.open_queue()
    count = desk.page.locator(".desk-queue__count")

    def let_come(most: int, shown: str) -> list[str]:
        monkeypatch.setattr("tips.desk.queue.MOST_TIPS", most)
        held.let_one_come()
        expect(count).to_have_text(shown)
        return desk.rows()

    first = desk.rows()
    assert sorted(first) == sorted(map(reference_of, newest))
    assert let_come(5, "205 tips") == first
    with_urgent = let_come(1, "206 tips")
    assert with_urgent[0] == reference_of(urgent)
    assert let_come(1, "207 tips") == with_urgent
    assert let_come(200, "209 tips")[:2] == [reference_of(urgent), reference_of(last[-1])]
