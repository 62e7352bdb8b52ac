"""Who sends too often has to wait; who it was is known to nobody, and soon not even that."""

import ipaddress
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tips.form import limits
from tips.form.limiter import Limiter, networks_of

ADDRESS = "203.0.113.7"
SECONDS = 600
NOW = 1_795_000_000.0


@pytest.fixture
def clock(monkeypatch):
    """The time, which stands still unless it is set."""

    class Clock:
        now = NOW

    monkeypatch.setattr(time, "time", lambda: Clock.now)
    return Clock


@pytest.fixture
def limiter(clock, monkeypatch):
    monkeypatch.setattr(limits, "MAX_PER_ADDRESS", 3)
    return Limiter(limits)


def _let_in(limiter, *addresses):
    return [limiter.lets_in(address) for address in addresses]


def test_an_address_may_send_thirty_times_in_ten_minutes(clock):
    limiter = Limiter(limits)
    assert _let_in(limiter, *[ADDRESS] * 31) == [True] * 30 + [False]


def test_one_who_has_to_wait_does_not_make_others_wait(limiter):
    _let_in(limiter, *[ADDRESS] * 100)
    assert limiter.lets_in("203.0.113.8")


def test_after_ten_minutes_all_is_forgotten(limiter, clock):
    _let_in(limiter, *[ADDRESS] * 4)
    clock.now += SECONDS
    assert limiter.has_room(ADDRESS)
    assert limiter.lets_in(ADDRESS)


def test_who_only_asks_whether_there_is_room_takes_none(limiter):
    assert all(limiter.has_room(ADDRESS) for _ in range(50))
    assert _let_in(limiter, *[ADDRESS] * 4) == [True] * 3 + [False]
    assert not limiter.has_room(ADDRESS)
    assert limiter.has_room("203.0.113.8")


def test_a_home_counts_as_one_in_ipv6(limiter):
    same = [f"2001:db8:0:aa{n:02x}::{n}" for n in range(4)]
    assert _let_in(limiter, *same) == [True, True, True, False]
    assert limiter.lets_in("2001:db8:0:bb00::1")


@pytest.mark.parametrize(
    ("address", "limit", "neighbour"),
    [
        ("203.0.{1}.{0}", None, None),
        ("203.0.113.{0}", 8 * 30, "203.0.114.1"),
        ("203.0.{0}.{1}", 64 * 30, "203.1.0.1"),
        ("2001:db8:1:{0:02x}00::", 4 * 30, "2001:db8:2::1"),
        ("2001:db8:11{0:02x}:{1:02x}00::", 16 * 30, "2001:db8:1200::1"),
        ("2001:db8:{0:02x}{1:02x}::", 64 * 30, "2001:db9::1"),
    ],
    ids=["spread", "/24", "/16", "/48", "/40", "/32"],
)
def test_however_many_addresses_a_network_has_it_sends_so_much(clock, address, limit, neighbour):
    limiter = Limiter(limits)
    senders = [address.format(first, second) for second in range(16) for first in range(256)]
    let_in = _let_in(limiter, *senders)
    if limit:
        assert sum(let_in) == limit
        assert limiter.lets_in(neighbour)
    else:
        assert sum(let_in) == 64 * 30  # sixteen /24 lie in one /16


@pytest.mark.parametrize("written", ["::ffff:{}", "64:ff9b::{}"], ids=["mapped", "NAT64"])
def test_an_ipv4_address_is_the_same_inside_ipv6(limiter, written):
    inside = written.format(ADDRESS)
    assert _let_in(limiter, ADDRESS, inside, inside, inside, ADDRESS) == [True] * 3 + [False] * 2
    assert limiter.lets_in(written.format("203.0.113.8"))


def test_an_address_that_only_begins_as_nat64_is_one_of_ipv6(limiter):
    same = [f"64:ff9b:1::{n}.2.3.4" for n in range(4)]
    assert _let_in(limiter, *same) == [True, True, True, False]


def test_an_ipv4_address_is_no_network_of_ipv6_that_is_written_with_the_same_octets(limiter):
    _let_in(limiter, *["32.1.13.184"] * 3)
    assert limiter._times(networks_of("2001:db8::")[-1]) == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "", "unix:", "203.0.113.7, 203.0.113.8"])
def test_what_is_no_address_of_anybody_meets_only_the_limit_for_all(limiter, monkeypatch, address):
    assert all(_let_in(limiter, *[address] * 50))
    monkeypatch.setattr(limits, "MAX_IN_ALL", 51)
    assert _let_in(limiter, address, address) == [True, False]


def test_there_is_a_limit_for_all_which_those_refused_do_not_use_up(limiter, monkeypatch):
    monkeypatch.setattr(limits, "MAX_IN_ALL", 5)
    monkeypatch.setattr(limits, "HELD_BACK", 0)
    _let_in(limiter, *[ADDRESS] * 20)
    others = [f"198.51.100.{n}" for n in range(4)]
    assert _let_in(limiter, *others) == [True, True, False, False]


def test_the_limits_are_those_that_are_promised():
    assert limits.MAX_PER_ADDRESS == 30
    assert limits.MAX_IN_ALL == 10_000
    assert limits.HELD_BACK == 2_000
    assert limits.MAX_HELD_BACK_PER_NETWORK == 20
    assert limits.LIMITER_SECONDS == SECONDS


# Who wants to close the form for others

HONEST = ["193.10.1.2", "192.0.2.1", "2001:6b0:1::1", "2a00:801:230::1"]


def test_two_networks_that_are_given_away_cannot_close_the_form_for_others(clock):
    limiter = Limiter(limits)
    for home in range(256):
        for given in ("2001:470:1", "2001:470:2"):
            _let_in(limiter, *[f"{given}:{home:02x}00::1"] * 30)
    assert all(_let_in(limiter, *HONEST * 30))


@pytest.fixture(scope="module")
def flooded():
    """After 334 addresses, each with a network of its own, have sent all that they can."""
    limiter = Limiter(limits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: NOW)
        for number in range(334):
            _let_in(limiter, *[f"{20 + number // 200}.{number % 200}.7.9"] * 31)
    return limiter


@pytest.fixture
def full(flooded, clock):
    """The same for each test: what it lets in is taken back."""
    before = bytes(flooded._memory)
    yield flooded
    flooded._memory[:] = before


def test_what_is_held_back_is_exactly_the_last_of_the_room(limiter, monkeypatch):
    monkeypatch.setattr(limits, "MAX_IN_ALL", 10)
    monkeypatch.setattr(limits, "HELD_BACK", 4)
    neighbours = [f"203.0.113.{n}" for n in range(10)]
    assert _let_in(limiter, *neighbours) == [True] * 6 + [False] * 4
    elsewhere = [f"198.{n}.1.1" for n in range(5)]
    assert _let_in(limiter, *elsewhere) == [True] * 4 + [False]


def test_with_all_room_taken_what_is_held_back_is_for_those_who_have_not_sent(full):
    assert not full.has_room("20.1.7.10")  # beside one of those
    assert all(_let_in(full, *HONEST))
    assert _let_in(full, *HONEST) == [False] * 4  # now they have
    assert full.lets_in("20.1.8.1")


def test_no_large_network_takes_much_of_what_is_held_back(full):
    assert sum(_let_in(full, *[f"2001:470:{n:x}::1" for n in range(1, 3000)])) == 20
    assert sum(_let_in(full, *[f"77.{b}.{a}.1" for a in range(200) for b in range(9)])) == 180
    assert all(_let_in(full, *HONEST))


def test_nobody_who_comes_for_the_first_time_is_taken_for_another(full):
    newcomers = [f"{100 + n % 90}.{n // 90}.1.1" for n in range(1900)]
    assert all(_let_in(full, *newcomers))


def test_when_what_is_held_back_is_gone_the_form_is_closed(full, monkeypatch):
    monkeypatch.setattr(limits, "HELD_BACK", 0)
    monkeypatch.setattr(limits, "MAX_IN_ALL", 8_000)
    assert _let_in(full, *HONEST) == [False] * 4


def test_one_who_comes_among_twenty_thousand_has_nearly_all_of_its_thirty_left(clock, monkeypatch):
    monkeypatch.setattr(limits, "MAX_IN_ALL", 10**6)
    limiter = Limiter(limits)
    addresses = [f"{11 + n // 1900}.{n % 200}.{n // 200 % 250}.1" for n in range(20_000)]
    assert all(_let_in(limiter, *addresses))
    assert sum(_let_in(limiter, *["198.51.100.99"] * 30)) >= 29


# What the memory holds


def _written(address):
    parsed = ipaddress.ip_address(address)
    return [address.encode(), parsed.packed, parsed.packed[::-1], address.encode("utf-16-le")]


def test_the_memory_holds_no_address_in_any_form(limiter):
    _let_in(limiter, ADDRESS, "2001:db8:1:2::3")
    memory = bytes(limiter._memory)
    for written in _written(ADDRESS) + _written("2001:db8:1:2::3"):
        assert written not in memory
    for length in (7, 6, 5, 4):
        assert ipaddress.ip_address("2001:db8:1:2::3").packed[:length] not in memory
    assert bytes([203, 0, 113]) not in memory


def test_the_key_is_replaced_and_the_counters_are_emptied_every_ten_minutes(limiter, clock):
    limiter.lets_in(ADDRESS)
    key, counted = bytes(limiter._key), sum(limiter._counters)
    clock.now += SECONDS
    limiter.lets_in("198.51.100.1")
    assert counted == sum(limiter._counters) == 3 * 4  # three networks, one in each row
    assert key not in bytes(limiter._memory)
    # The same address is found in other cells than before.
    assert limiter._cells(b"\xcb\x00\x71\x07") != _cells_with(limiter, key)


def _cells_with(limiter, key):
    now = bytes(limiter._key)
    limiter._key[:] = key
    cells = limiter._cells(b"\xcb\x00\x71\x07")
    limiter._key[:] = now
    return cells


def test_the_memory_forgets_also_when_nobody_comes_after(monkeypatch):
    monkeypatch.setattr(limits, "LIMITER_SECONDS", 0.2)
    limiter = Limiter(limits)
    limiter.lets_in(ADDRESS)
    key = bytes(limiter._key)
    limiter._timer.join(60)
    assert key not in bytes(limiter._memory)
    assert not any(limiter._counters)


class _Timers:
    """What stands in for `threading.Timer`: it notes when it is set to go off, and does not."""

    def __init__(self):
        self.set = []

    def __call__(self, seconds, work):
        timer = self._Timer()
        timer.seconds, timer.work = seconds, work
        self.set.append(timer)
        return timer

    class _Timer:
        is_running = False

        def start(self):
            self.is_running = True


def _timers_of(limiter, timers):
    """A process that is forked sets those of all limiters, also of other tests."""
    return [each for each in timers.set if each.work.__self__ is limiter]


@pytest.fixture
def timers(monkeypatch):
    timers = _Timers()
    monkeypatch.setattr(threading, "Timer", timers)
    return timers


def test_the_memory_is_to_be_emptied_as_soon_as_its_ten_minutes_have_gone(limiter, clock, timers):
    clock.now += SECONDS - clock.now % SECONDS + 100
    _let_in(limiter, ADDRESS, ADDRESS)
    [timer] = timers.set
    assert timer.is_running
    assert SECONDS - 100 < timer.seconds < SECONDS - 100 + 1
    assert timer.daemon is True  # no process waits for it when it is to end


def test_the_memory_is_to_be_emptied_again_after_those_who_come_later(limiter, clock, timers):
    limiter.lets_in(ADDRESS)
    clock.now += SECONDS
    timers.set[0].work()
    assert not any(limiter._counters)
    limiter.lets_in(ADDRESS)
    assert len(timers.set) == 2


def test_each_row_counts_in_its_own_part_of_the_memory(limiter):
    columns = len(limiter._counters) // 4
    for number in range(50):
        rows = [cell // columns for cell in limiter._cells(number.to_bytes(4, "big"))]
        assert rows == [0, 1, 2, 3]


def test_all_of_the_memory_is_used(limiter):
    cells = {cell for n in range(20_000) for cell in limiter._cells(n.to_bytes(4, "big"))}
    assert len(cells) > 75_000
    assert max(cells) < len(limiter._counters)


def test_a_process_that_has_counted_nothing_empties_the_memory_too(limiter, clock, timers):
    """The one that has counted may be gone by then."""

    def is_emptied():
        clock.now += SECONDS
        _timers_of(limiter, timers)[-1].work()
        return len(_timers_of(limiter, timers)) == 3 and not any(limiter._counters)

    limiter.lets_in(ADDRESS)
    assert _ended_well(_in_child(is_emptied))
    assert not any(limiter._counters)


# Several at once


def _in_child(work):
    child = os.fork()
    if not child:
        os._exit(0 if work() else 1)
    return child


def _ended_well(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_processes_forked_after_the_start_count_together(clock):
    limiter = Limiter(limits)
    children = [_in_child(lambda: sum(_let_in(limiter, *[ADDRESS] * 7)) == 7) for _ in range(4)]
    assert all(map(_ended_well, children))
    assert _let_in(limiter, ADDRESS, ADDRESS, ADDRESS) == [True, True, False]


def test_a_process_that_is_killed_while_it_counts_stops_nobody(clock):
    limiter = Limiter(limits)
    with limiter._alone():
        pass

    def hold_and_die():
        with limiter._alone():
            os.kill(os.getpid(), 9)

    assert not _ended_well(_in_child(hold_and_die))
    assert limiter.lets_in(ADDRESS)


def test_a_process_that_is_forked_while_a_thread_counts_is_not_stopped(clock):
    limiter = Limiter(limits)
    with limiter._thread_lock:
        child = _in_child(lambda: limiter.lets_in(ADDRESS))
    assert _ended_well(child)


def test_a_process_empties_the_memory_also_when_the_one_it_was_forked_from_has_died(clock, timers):
    limiter = Limiter(limits)
    limiter.lets_in(ADDRESS)
    child = _in_child(lambda: limiter.lets_in(ADDRESS) and len(_timers_of(limiter, timers)) == 2)
    assert _ended_well(child)


def test_two_limiters_in_threads_of_two_processes_wait_for_each_other_and_none_is_refused(clock):
    both = Limiter(limits), Limiter(limits)

    def ask():
        with suppress(OSError), ThreadPoolExecutor(4) as threads:
            return all(threads.map(lambda turn: both[turn % 2].has_room(ADDRESS), range(5_000)))

    assert all(map(_ended_well, [_in_child(ask) for _ in range(2)]))


def test_processes_wait_for_one_another_at_a_file_that_lies_on_no_disk(limiter):
    assert os.readlink(f"/proc/self/fd/{limiter._lock_file}").startswith("/memfd:tips-limiter")


def test_where_no_file_can_lie_in_memory_a_nameless_one_serves(clock, monkeypatch):
    monkeypatch.delattr(os, "memfd_create")
    limiter = Limiter(limits)
    assert os.readlink(f"/proc/self/fd/{limiter._lock_file}").endswith("(deleted)")
    assert limiter.lets_in(ADDRESS)


def test_threads_count_exactly(clock, monkeypatch):
    monkeypatch.setattr(limits, "MAX_PER_ADDRESS", 500)
    limiter = Limiter(limits)
    with ThreadPoolExecutor(8) as threads:
        let_in = list(threads.map(limiter.lets_in, [ADDRESS] * 800))
    assert sum(let_in) == 500
