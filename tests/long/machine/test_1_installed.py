"""One command makes a site of a bare Debian, and says what it did."""

import pytest

from tests.system.fault.server import FORM

from .site import CMS, DESK, WWW, Site

# What a machine in a container cannot show, or what people do after the installation.
NOT_OF_THE_CONTAINER = ("klockan ställs inte", "ledigt", "växling till")
LEFT_TO_PEOPLE = ("nyckelringen", "sapo-backup", "säkerhetskopia")


def _faults(site: Site) -> list[str]:
    said = site.machine.attempt("deploy/doctor", seconds=120).stdout
    assert said.count("\nok ") > 60, said
    return [
        line for line in said.splitlines()
        if line.startswith("FEL") and not any(words in line for words in NOT_OF_THE_CONTAINER)
    ]  # fmt: skip


def test_the_installation_says_what_it_did_and_what_is_next(site):
    assert "+ databaserna sapo och sapo_tips" in site.said
    assert "+ startsidor, avdelningar, sidfot och kaknotiser" in site.said
    assert "Härnäst: deploy/doctor" in site.said.splitlines()[-1]


def test_a_key_of_the_certificate_that_all_may_read_stops_it_in_one_line(site):
    site.machine.do("chmod o+r /etc/ssl/agency/key.pem")
    stopped = site.machine.attempt("deploy/install -- certificate")
    doctor = site.machine.attempt("deploy/doctor", seconds=120).stdout
    site.machine.do("chmod o= /etc/ssl/agency/key.pem")
    assert stopped.returncode == 1
    assert "får läsas av alla på maskinen" in stopped.stdout.splitlines()[-1]
    assert "FEL  /etc/ssl/agency/key.pem får läsas av tjänsterna" in doctor


def test_run_again_it_changes_nothing(site):
    said = site.machine.do("deploy/install", seconds=300)
    assert "  + " not in said
    assert "Klart: 0 ändringar." in said


def test_every_unit_is_on_and_none_has_failed(site):
    site.machine.wait_until("systemctl is-system-running", seconds=30)
    assert site.machine.do("systemctl list-units --failed --plain --no-legend") == ""


def test_the_doctor_names_only_what_is_left_to_people(site):
    faults = _faults(site)
    others = [line for line in faults if not any(words in line for words in LEFT_TO_PEOPLE)]
    assert others == [], site.machine.journal("--lines=200")
    assert len(faults) == 3


@pytest.mark.parametrize(
    ("path", "words"), [("/", "Vi skyddar Sverige"), ("/en/", "We protect Sweden")]
)
def test_visitors_meet_our_start_page_in_both_languages(site, path, words):
    answer = site.ask(path)
    assert answer.status == 200
    assert words in answer.text
    assert "Wagtail" not in answer.text
    assert "noindex" not in answer.text


def test_editors_and_handlers_come_in_by_names_of_their_own_from_their_networks_alone(site):
    assert site.ask("/admin/login/", CMS).status == 200
    assert site.ask("/tipsmottagning/logga-in/", DESK).status == 200
    assert site.ask("/admin/login/", WWW).status == 404
    assert site.ask("/tipsmottagning/logga-in/", WWW).status == 404
    # From the machine itself, which is not in the answers.
    for name, path in ((CMS, "/admin/login/"), (DESK, "/tipsmottagning/logga-in/")):
        assert _status_on_the_machine(site, name, path) == "403"


def test_who_asks_for_another_name_gets_no_answer(site):
    assert _status_on_the_machine(site, "evil.example", "/") == "0"


_ASK_THERE = """
import http.client, socket, ssl, sys
name, path = sys.argv[1:]
context = ssl._create_unverified_context()
try:
    with socket.create_connection(("127.0.0.1", 443)) as plain:
        connection = http.client.HTTPSConnection(name)
        connection.sock = context.wrap_socket(plain, server_hostname=name)
        connection.request("GET", path)
        print(connection.getresponse().status)
except (OSError, http.client.HTTPException):
    print(0)
"""


def _status_on_the_machine(site: Site, name: str, path: str) -> str:
    return site.machine.do(f"python3 - '{name}' '{path}'", said=_ASK_THERE).strip()


def test_the_tip_form_is_closed_until_there_are_keys_and_opens_without_a_restart(site, tmp_path):
    closed = site.ask(FORM)
    assert closed.status == 503
    assert "Formuläret är stängt just nu" in closed.text

    site.lay_keyring(tmp_path)

    assert "Två" not in site.manage("--as", "intake", "tips_keyring", "verify")
    assert site.ask(FORM).status == 203
    site.leave_tip("Svarta bilar vid Skatteskrapan")
    sealed = site.machine.do("find /var/lib/sapo/tips/sealed -name '*.age'").split()
    assert len(sealed) == 2  # its text, and a file
    for service in ("intake", "desk"):
        site.manage("--as", service, "tips_selftest")


def test_two_persons_publish_and_readers_see_it_within_two_seconds(site):
    site.make_persons()
    [(address, _at)] = site.publish("forsta").items()
    site.machine.do("sleep 2")
    answer = site.ask(address)
    assert (answer.status, "Artikel forsta-0" in answer.text) == (200, True)


def test_no_log_of_the_machine_has_the_address_of_a_reader(site):
    """The address that visitors come from is the machine's own here."""
    address = site.machine.do("hostname -I").split()[0]
    site.ask("/en/")
    site.ask("/sok/?q=hemlig")
    for log in (
        site.machine.journal("--unit nginx --unit 'sapo@*'"),
        site.machine.do("cat /var/log/nginx/sapo-public.log"),
    ):
        assert address not in log
        assert "hemlig" not in log
