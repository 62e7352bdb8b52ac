"""One machine, on which the files of this folder do their part in the order of their names."""

import re
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

from . import burning, nspawn
from .site import Site, lay_answers, start_mail_server

MINUTES = 60
# What apt and pip say when others do not answer: then it is run again, as an operator would.
NOT_FETCHED = re.compile(
    r"Failed to fetch|Unable to fetch|Temporary failure|Could not (resolve|connect)"
    r"|No matching distribution|Read timed out|Connection (broken|reset)|\b50[234] "
)


@pytest.fixture(scope="session", autouse=True)
def _within_bounds(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever hangs is ended, and named by where it stands; the machines end with the tests."""

    def end(_number: int, _frame: FrameType | None) -> None:
        request.session.shouldfail = f"Not done after {MINUTES} minutes."
        raise TimeoutError(f"Not done after {MINUTES} minutes.")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(MINUTES * 60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> nspawn.Bare:
    return nspawn.bare_debian(tmp_path_factory.mktemp("debian"))


@pytest.fixture(scope="session")
def machine(bare: nspawn.Bare) -> Iterator[nspawn.Machine]:
    with nspawn.started(bare) as machine:
        yield machine


@pytest.fixture(scope="session")
def site(machine: nspawn.Machine) -> Site:
    """The site, once it is installed: without that nothing else is tried."""
    site = Site(machine, lay_answers(machine))
    done = machine.attempt("deploy/install /root/answers", seconds=600)
    if done.returncode and NOT_FETCHED.search(done.stdout):
        print(f"an archive was not reached, and it is run again:\n{done.stdout}")
        begun = done.stdout
        done = machine.attempt("deploy/install /root/answers", seconds=600)
        done.stdout = begun + done.stdout
    if done.returncode:
        pytest.exit(f"deploy/install ended with {done.returncode}:\n{done.stdout}", returncode=1)
    site.said = done.stdout
    start_mail_server(machine)
    return site


@pytest.fixture(scope="session")
def burnt(site: Site) -> burning.Burnt:
    return burning.burn(site)


@pytest.fixture(scope="session")
def restored(burnt: burning.Burnt, bare: nspawn.Bare) -> Iterator[Site]:
    with burning.restore(burnt, bare) as site:
        yield site
