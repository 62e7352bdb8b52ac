"""How soon what is published is met everywhere."""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.spreading import changed, changer
from tests.system.pages.installation import Installation, two_for_visitors

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
