"""How soon what is published is met everywhere, and how soon a copy of the database that hangs is left."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from tests.pace import until
from tests.postgres import Cluster
from tests.spreading import changed, changer
from tests.system.pages.installation import Installation, two_for_visitors
from tests.system.pages.outages import hanging
from tests.system.pages.test_replica import until_the_copy_follows, with_a_copy

pytestmark = pytest.mark.alone  # the pace is that of the machine


@pytest.fixture
def site() -> Iterator[Installation]:
    with two_for_visitors() as site:
        yield site


_PAGES_OF_THE_DAY = ("/", "/verksamheten/", "/terrorhotniva.json", "/en/meddelanden.atom")


def test_what_is_confirmed_is_met_everywhere_within_two_seconds_and_nothing_old_after_it(
    site, rounds
):
    servers = {
        name: partial(_words, site, "" if name == "nginx" else name)
        for name in ("public1", "public2", "editorial", "nginx")
    }
    edition = site.folder / "var" / "edition"
    came = []
    with changer(site.environment("editorial"), site.folder / "changer.log") as confirming:
        for count in range(rounds(4, 51)):
            sign = f"Prov {count}"
            came.append(changed(confirming, servers, _PAGES_OF_THE_DAY, edition, sign))
    assert [each.steps_back for each in came if each.steps_back] == []
    # The first draws for the first time what nobody has asked for.
    assert max(each.met_everywhere for each in came[1:]) < 2
    assert max(each.in_files for each in came[1:]) < 2


def _words(site: Installation, service: str, address: str) -> str:
    return site.ask(address, service=service)[1]


@pytest.fixture(scope="module")
def replicated() -> Iterator[tuple[Installation, Cluster]]:
    with with_a_copy() as both:
        yield both


@pytest.mark.fault("copy of the database hangs")
def test_a_copy_that_hangs_is_left_for_the_original_after_a_second(replicated, record_property):
    site, copy = replicated
    until_the_copy_follows(site, copy)
    with hanging(copy):
        began = time.monotonic()
        until(lambda: site.ask("/sok/?q=hajen", service="public")[0] == 200, 10)
        left = time.monotonic() - began
        assert left < 3
        began = time.monotonic()
        for number in range(10):
            assert site.ask(f"/sok/?q=hajar{number}", service="public")[0] == 200
            assert site.ask(f"/finns-inte-{number}/", service="public")[0] == 404
        assert time.monotonic() - began < 10
    record_property("seen", f"answered by the original after {left:.1f} s")


@pytest.mark.fault("copy of the database hangs")
def test_a_service_that_starts_while_the_copy_is_unreachable_holds_nobody(
    replicated, record_property
):
    """As behind a firewall that says nothing: no answer comes, not even a refusal."""
    site, _copy = replicated
    with socket.socket() as silent, ExitStack() as waiting:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        port = silent.getsockname()[1]
        for _full in range(4):
            other = waiting.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(("127.0.0.1", port))
        url = (
            f"postgres:///sapo?host=127.0.0.1,{site.server.folder}&port={port},5432"
            "&target_session_attrs=prefer-standby"
        )
        variables = site.variables["public"]
        site.variables["public"] = {**variables, "DATABASE_REPLICA_URL": url}
        try:
            site.serve("public1")
            took = []
            until(lambda: _status_of_a_search(site, took) == 200, 15)
        finally:
            site.variables["public"] = variables
            site.end("public1")
    assert max(took) < 2.8
    record_property("seen", f"a start without it: {max(took):.1f} s at the most")


def _status_of_a_search(site: Installation, took: list[float]) -> int:
    began = time.monotonic()
    status = site.ask(f"/sok/?q=bortom{len(took)}", service="public1")[0]
    took.append(time.monotonic() - began)
    return status
