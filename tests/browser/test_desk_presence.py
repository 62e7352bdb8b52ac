"""Who reads a tip now is seen by the others, in the queue and at the tip."""

from playwright.sync_api import expect

from tests.rings import stands_in_keyring
from tips.models import Event

from .desk import HALF_A_MINUTE, colleague, leave

READS = "Kollega läser"


def test_who_reads_a_tip_is_seen_in_the_queue_and_at_the_tip_until_it_is_left(
    desk, browser, tip_channel
):
    stands_in_keyring(tip_channel, "kollega")
    tip, other = leave("Som båda ser"), leave("En annan")
    desk.page.clock.install()
    desk.open_queue()
    expect(desk.row(tip)).not_to_contain_text("läser")
    with colleague(browser, desk, "kollega") as there:
        there.open(tip)
        logged = Event.objects.filter(tip_id=tip).count()

        desk.page.clock.fast_forward(HALF_A_MINUTE)
        expect(desk.row(tip)).to_contain_text(READS)
        expect(desk.row(other)).not_to_contain_text(READS)
        desk.open(tip)
        expect(desk.page.get_by_role("status").filter(has_text=READS)).to_be_visible()
        there.page.clock.fast_forward(HALF_A_MINUTE)
        expect(there.page.get_by_role("status").filter(has_text="Provnyckel läser")).to_be_visible()

        there.back()
        desk.page.clock.fast_forward(HALF_A_MINUTE)
        expect(desk.page.get_by_text(READS)).to_have_count(0)
        desk.back()
        expect(desk.row(tip)).not_to_contain_text("läser")
        assert Event.objects.filter(tip_id=tip).count() == logged + 1  # the other's reading alone
