"""Processes are killed under requests: who asks meanwhile, and when all is well again."""

import http.client

import pytest

from tests.pace import until
from tests.system.fault.server import FORM

from .site import CMS, DESK, SERVICES, WWW, Asked, Site

# What only the service can answer: nginx has it in no file.
ASKED = {
    "public": (WWW, "/sok/?q=kontakt"), "editorial": (CMS, "/admin/"), "intake": (WWW, FORM),
    "desk": (DESK, "/tipsmottagning/api/register/"),
}  # fmt: skip
MASTER = "systemctl show --property MainPID --value sapo@{}"
WORKERS = f"pgrep --parent $({MASTER})"


def _killed(site: Site, service: str, pids: str, rounds: int) -> Asked:
    name, path = ASKED[service]
    with site.asked_for(path, name) as asked:
        for _ in range(rounds):
            asked.go_on(10)
            before = site.machine.do(pids.format(service)).split()
            site.machine.do(f"kill -KILL {' '.join(before)}")
            asked.go_on(20)
            assert not {*before} & {*site.machine.do(pids.format(service)).split()}
    print(f"sapo@{service}: {asked}")
    return asked


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_whose_workers_are_killed_answers_again_at_once(site, service):
    asked = _killed(site, service, WORKERS, rounds=2)
    # Those that the killed worker was answering, four at the most each time.
    assert asked.failed <= 2 * 4
    assert asked.longest < 10


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_whose_first_process_is_killed_is_started_again(site, service):
    asked = _killed(site, service, MASTER, rounds=1)
    assert asked.failed <= 4
    assert asked.longest < 30


def _is_ready(site: Site) -> bool:
    try:
        return site.ask("/halsa/redo/", CMS).status == 200
    except (OSError, http.client.HTTPException):  # nginx is not back
        return False


@pytest.mark.fault("nginx, PostgreSQL or the mail server killed")
@pytest.mark.parametrize("server", ["nginx", "postgresql@17-main", "opensmtpd"])
def test_a_server_of_debians_that_is_killed_comes_back(site, server):
    shown = f"systemctl show --property MainPID --value {server}"
    before = site.machine.do(shown)
    site.machine.do(f"kill -KILL {before}")
    site.machine.wait_until(
        f'pid=$({shown}); [ "$pid" != 0 ] && [ "$pid" != {before.strip()} ]', seconds=30
    )
    until(lambda: _is_ready(site))


def test_readers_of_pages_notice_nothing_of_a_service_that_is_killed(site):
    with site.asked_for("/") as asked:
        site.machine.do(f"kill -KILL $({MASTER.format('public')})")
        asked.go_on(60)
    print(f"the start page: {asked}")
    assert asked.failed == 0
