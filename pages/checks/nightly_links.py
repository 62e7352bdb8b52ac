"""What public content leads to, looked up each night, and what came of it.

Links within the website are looked up in the database; the others are asked by `pages.ground.asking`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from pages.checks.models import LinkState, Trouble
from pages.ground.asking import OF_THE_NETWORK

from .checked_content import Content
from .dead_links import dead_targets
from .failed_links import asked_address
from .waiting_links import links_that_wait

# The most objects that are named beside one address.
_MOST_NAMED = 50


class NoNetworkError(Exception):
    """Nobody answered at all: that says nothing about any website."""


@dataclass
class PublicLinks:
    """Address -> who names it: those to ask, and within the website those that lead to nothing or wait."""

    elsewhere: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    dead: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    waiting: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Recorded:
    asked: int
    failing: int
    dead: int


def links_of(objects: Iterable[Model]) -> PublicLinks:
    """What all of these lead to."""
    links = PublicLinks()
    for obj in objects:
        content = Content(obj)
        name = f"{obj._meta.label_lower}:{obj.pk}"
        for each in content.addresses:
            if address := asked_address(each):
                links.elsewhere[address].append(name)
        for target in dead_targets(content):
            links.dead[target.address[: LinkState.MOST]].append(name)
        for link in links_that_wait(content):
            links.waiting[link.address].append(name)
    return links


def addresses_to_ask(links: PublicLinks) -> list[str]:
    """The addresses of other websites, in an order that does not change."""
    return sorted(address for address in links.elsewhere if address.isprintable())


@transaction.atomic
def record_answers(links: PublicLinks, answers: Sequence[Mapping[str, object]]) -> Recorded:
    """Writes what was answered; forgets what is not named any more. Raises NoNetworkError."""
    # What is told of an address that nobody asked is nothing that we wanted to know.
    told = {str(each.get("address")): each for each in answers if isinstance(each, dict)}
    told = {address: each for address, each in told.items() if address in links.elsewhere}
    if told and all(str(each.get("status")) in OF_THE_NETWORK for each in told.values()):
        raise NoNetworkError
    now = timezone.now()
    states = {state.address: state for state in LinkState.objects.all()}
    for address, each in told.items():
        status, is_failing = str(each.get("status"))[:40], each.get("is_failing") is True
        _write(states, address, status, is_failing, links.elsewhere[address], now)
    for address, names in links.dead.items():
        _write(states, address, Trouble.NOT_PUBLIC, True, names, now)
    for address, names in links.waiting.items():
        if address not in links.dead:
            _write(states, address, Trouble.WAITING, True, names, now)
    named = {*links.elsewhere, *links.dead, *links.waiting}
    LinkState.objects.filter(address__in=states.keys() - named).delete()
    failing = sum(each.get("is_failing") is True for each in told.values())
    return Recorded(len(told), failing, len(links.dead))


def _write(
    states: Mapping[str, LinkState],
    address: str,
    status: str,
    is_failing: bool,
    names: Iterable[str],
    at: datetime,
) -> None:
    state = states.get(address) or LinkState(address=address)
    state.note(status, is_failing=is_failing, at=at)
    state.named_by = list(dict.fromkeys(names))[:_MOST_NAMED]
    state.save()
