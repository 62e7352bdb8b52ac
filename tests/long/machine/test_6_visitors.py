"""A machine for visitors alone, by one command and a file from the first: it answers as the first does."""

import re
from collections.abc import Iterator

import pytest

from tests.system.fault.server import FORM

from . import nspawn
from .site import WWW, Site

FIRST, SECOND = "10.97.0.1", "10.97.0.2"
_SERVICES = "nginx postgresql@17-main sapo@public sapo@editorial sapo@intake sapo@desk"
_STOP, _START = f"systemctl stop {_SERVICES}", f"systemctl start {_SERVICES}"


@pytest.fixture(scope="module")
def second(restored: Site, bare: nspawn.Bare) -> Iterator[Site]:
    with nspawn.started(bare) as machine:
        nspawn.join(restored.machine, FIRST, machine, SECOND)
        answers = f"VISITORS='{SECOND}'\nADDRESS='{FIRST}'\n"
        restored.machine.do("cat >> /etc/sapo/answers", said=answers)
        restored.said = restored.machine.do("deploy/install -- visitors", seconds=120)
        carried = restored.machine.do(f"cat /etc/sapo/visitors/{SECOND}.answers")
        machine.do("cat > /root/answers", said=carried)
        place = machine.folder / "etc/ssl/agency"
        place.mkdir(parents=True)
        for name in ("fullchain.pem", "key.pem"):
            machine.do(
                f"cat > /etc/ssl/agency/{name}\nchmod 0600 /etc/ssl/agency/{name}",
                said=restored.machine.do(f"cat /etc/ssl/agency/{name}"),
            )
        # Whom the machine trusts: the first one's certificate is made by nobody.
        machine.do(
            "apt-get update --quiet=2\n"
            "apt-get install --quiet=2 --yes --no-install-recommends ca-certificates > /dev/null 2>&1\n"
            "cp /etc/ssl/agency/fullchain.pem /usr/local/share/ca-certificates/agency.crt\n"
            "update-ca-certificates > /dev/null 2>&1",
            seconds=300,
        )
        said = machine.do("deploy/install /root/answers -- visitor", seconds=600)
        yield Site(machine, place / "fullchain.pem", said)


def _addresses(site: Site) -> list[str]:
    found = re.findall(rf"<loc>https://{WWW}([^<]+)</loc>", site.ask("/sitemap.xml").text)
    assert len(found) > 10, found
    return found


def test_each_command_says_what_it_did_and_changes_nothing_when_run_again(restored, second):
    assert f"{SECOND}: ta dit /etc/sapo/visitors/{SECOND}.answers" in restored.said
    assert "Klart: 0 ändringar." in restored.machine.do("deploy/install -- visitors")
    assert second.said.splitlines()[-1].startswith("Klart: ")
    assert "Klart: 0 ändringar." in second.machine.do("deploy/install -- visitor", seconds=300)


def test_it_answers_every_address_of_the_site_as_the_first_machine_does(restored, second):
    second.machine.wait_until("test -e /var/lib/sapo/edition/current/whole", seconds=60)
    unlike = [
        address for address in (*_addresses(restored), "/sok/?q=artikel", "/halsa/", "/robots.txt")
        if _without_what_differs(restored, address) != _without_what_differs(second, address)
    ]  # fmt: skip
    assert unlike == []


def _without_what_differs(site: Site, address: str) -> tuple[object, ...]:
    answer = site.ask(address)
    own = {"date", "etag", "last-modified", "connection", "server-timing"}
    # In any order, and what both machines say is said twice.
    headers = {
        name: {*re.split(r"[,;] *", answer.headers[name])} for name in answer.headers.keys() - own
    }
    return answer.status, answer.text, headers


def test_what_two_persons_publish_is_read_there_within_three_seconds(restored, second):
    [(address, _at)] = restored.publish("pa-bada").items()
    second.machine.do("sleep 3")
    answer = second.ask(address)
    assert (answer.status, "Artikel pa-bada-0" in answer.text) == (200, True)
    [document] = re.findall(r'href="(/dokument/[^"]+)"', answer.text)
    assert second.ask(document).text == restored.ask(document).text == "pa-bada-0" * 1000


def test_a_picture_is_the_first_machines_and_gone_when_that_has_taken_it_away(restored, second):
    place = "/var/lib/sapo/files/public/bild.png"
    restored.machine.do(f"echo bild > {place}; chmod 0644 {place}")
    here, there = restored.ask("/media/bild.png"), second.ask("/media/bild.png")
    assert there.text == here.text == "bild\n"
    for name in ("cache-control", "x-content-type-options"):
        assert there.headers[name] == here.headers[name]
    assert "sandbox" in there.headers["content-security-policy"]
    restored.machine.do(f"rm {place}; sleep 3")
    assert second.ask("/media/bild.png").status == 404


def test_a_tip_left_there_is_sealed_on_the_first_machine_alone(restored, second):
    count = "find /var/lib/sapo/tips/sealed -mindepth 1 -maxdepth 1 -type d | wc -l"
    before = int(restored.machine.do(count))
    second.leave_tip("Svarta bilar vid Skatteskrapan")
    assert int(restored.machine.do(count)) == before + 1
    assert int(second.machine.do(count)) == 0


@pytest.mark.parametrize(
    ("user", "database", "settings"),
    [
        ("sapo-public", "sapo", "sslmode=disable"),
        ("sapo-public", "sapo", "sslmode=require sslcert=/nothing"),
        ("sapo-editorial", "sapo", None),
        ("sapo-intake", "sapo_tips", None),
        ("sapo-public", "sapo_tips", None),
        ("postgres", "postgres", None),
    ],
)
def test_the_database_lets_in_no_other(second, user, database, settings):
    if settings is None:
        place = "/etc/sapo/database"
        settings = f"sslmode=verify-full sslrootcert={place}/ca.pem sslcert={place}/own.pem sslkey={place}/own.key"
    asked = f"host={FIRST} user={user} dbname={database} {settings}"
    done = second.machine.attempt(
        f".venv/bin/python -c \"import psycopg; psycopg.connect('{asked}')\""
    )
    assert done.returncode == 1
    assert "pg_hba.conf" in done.stdout or "certificate" in done.stdout, done.stdout


def test_without_the_first_machine_pages_are_read_and_the_form_says_where_to_call(restored, second):
    sent = re.compile("/(tipsa|meddelande)/$")  # what is left there, the first machine takes in
    addresses = [address for address in _addresses(second) if not sent.search(address)]
    restored.machine.do(_STOP)
    try:
        assert [each for each in addresses if second.ask(each).status != 200] == []
        closed = second.ask(FORM)
        assert closed.status >= 500
        assert "Ring" in closed.text
        assert "tel:+46105687000" in closed.text
    finally:
        restored.machine.do(_START)
