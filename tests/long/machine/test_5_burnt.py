"""What is restored on a new machine, compared with what the burnt one had."""

from collections import Counter

from .burning import EVENTS, LOST_SECONDS, digests
from .site import CMS

# Left before anything was backed up: test_1_installed.py.
EARLIER_TIPS = 1


def test_every_page_file_and_sealed_tip_is_there_to_the_byte(burnt, restored):
    there = digests(restored.machine)
    kinds = Counter(name.partition("/")[0] for name in burnt.before)
    print(f"compared: {dict(kinds)}")
    assert kinds["files"] > 0
    assert kinds["tips"] > 0
    assert [name for name, digest in burnt.before.items() if there.get(name) != digest] == []


def test_of_what_was_acknowledged_no_more_is_lost_than_ten_seconds(burnt, restored):
    late = [at for url, at in burnt.published.items() if restored.ask(url).status != 200]
    kept = int(restored.machine.do(
        "runuser -u postgres -- psql -At -d sapo_tips -c 'SELECT count(*) FROM tips_tip'"
    ))  # fmt: skip
    late_tips = sorted(burnt.tips)[kept - EARLIER_TIPS :]
    print(
        f"lost: {len(late)} of {len(burnt.published)} pages, {len(late_tips)} of {len(burnt.tips)} tips"
    )
    assert [burnt.at - at for at in (*late, *late_tips) if burnt.at - at > LOST_SECONDS] == []


def test_a_fire_soon_after_an_ordinary_day_s_work_takes_ten_seconds_at_the_most(burnt):
    for fire in burnt.fires:
        known = {url for url, at in burnt.published.items() if at <= fire.at}
        gone = {url for url in known if url.strip("/").rpartition("/")[2] not in fire.pages}
        known_tips = sorted(at for at in burnt.tips if at <= fire.at)
        late = [burnt.published[url] for url in gone] + known_tips[fire.tips - EARLIER_TIPS :]
        lost = max((fire.at - at for at in late), default=0)
        print(
            f"{fire.event}, {fire.after} s: {len(gone)} of {len(known)} pages, {lost:.1f} s,"
            f" named {sorted(fire.named)}"
        )
        assert lost <= LOST_SECONDS, fire
        assert "of-the-ceremony.json" in fire.trust or fire.event == EVENTS[0]


def test_the_restored_machine_is_the_site_again(restored):
    restored.machine.wait_until("systemctl is-system-running", seconds=60)
    assert restored.ask("/").status == 200
    assert restored.ask("/admin/login/", CMS).status == 200
    [(address, _at)] = restored.publish("efter-branden").items()
    restored.machine.do("sleep 2")
    assert restored.ask(address).status == 200
    restored.leave_tip("Efter branden")
    for service in ("intake", "desk"):
        restored.manage("--as", service, "tips_selftest")
    said = restored.manage("--as", "desk", "tips_status", "--verify")
    assert "Ankomsterna är hela" in said
    assert "Inlämningen har börjat på en ny nummerserie" in said


def test_it_is_not_restored_over_what_is_there(burnt, restored):
    done = restored.machine.attempt("deploy/manage restore /mnt/sapo", said=burnt.identity)
    assert done.returncode == 1
    assert (
        done.stdout.strip().splitlines()[-1]
        == "Databaserna är inte tomma. Här återställs ingenting."
    )
