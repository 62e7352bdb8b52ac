"""The desk as in production: a process and a database user of its own, on a real PostgreSQL."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.postgres import ROOT, Cluster, installed, run
from tests.rings import entry, intake_key_in, trust_in
from tips.sealing import age

CODES = re.compile(r"^([a-z]+): ([A-Z2-7-]{19}) ", re.MULTILINE)
# Long enough ago that they may be purged once they are closed.
LEAVE = """
from datetime import date
from tips.keeping import intake
for number in range(9):
    fields = {"text": f"Tips {number}", "subject": "annat"}
    intake.leave(fields, [("a", "text/plain", b"a")], received_on=date(2026, 11, 2))
"""
# Everything that handlers do, through the addresses; and eight of them in the same moment.
WORK = """
import json, threading
from django.db import connections
from django.test import Client
from tips.keeping.vault import vault_now
from tips.handling import events, purge, steps
from sapo_site.accounts.brake import Brake
from tips.models import DeskAttempt, Event, Tip, Tombstone
from tests.passkeys import Passkey

DESK = "/tipsmottagning/"
def browser(name):
    client = Client(headers={"host": "tipsmottagning.sapo.example", "x-forwarded-proto": "https"})
    enrolled = dict(username=name, code=CODES[name], password="lila-gurka-tretton-moln-7")
    assert post(client, "api/ny/", **enrolled).json() == {"step": "enrol"}
    passkey = Passkey("tipsmottagning.sapo.example", ORIGIN, key_id=name.encode())
    options = client.get(DESK + "api/konto/nyckel/", headers=SCRIPT).json()
    answer = post(client, "api/konto/nyckel/", label="", answer=passkey.made(options))
    assert answer.json()["step"] == "in", answer.content
    return client

ORIGIN = "https://tipsmottagning.sapo.example"
SCRIPT = {"sec-fetch-site": "same-origin", "x-desk": "1", "origin": ORIGIN}
def post(client, path, **body):
    kind = "application/json"
    return client.post(DESK + path, json.dumps(body), content_type=kind, headers=SCRIPT)

anna, kollega = browser("anna"), browser("kollega")
tips = anna.get(DESK + "api/ko/", headers=SCRIPT).json()["tips"]
assert len(tips) == 9, tips
assert anna.get("/admin/").status_code == 404
statuses, errors = [], []

def at_once(*actions):
    start = threading.Barrier(len(actions))
    def act(action):
        try:
            start.wait(10)
            statuses.append(action())
        except Exception as error:
            errors.append(repr(error))
        finally:
            connections.close_all()
    threads = [threading.Thread(target=act, args=(action,)) for action in actions]
    for thread in threads: thread.start()
    for thread in threads: thread.join(60)

# Of twelve guesses in the same moment no more than five are tried.
at_once(*[lambda: Brake(DeskAttempt).lets_through("tove", "192.0.2.7")] * 12)
assert 1 <= statuses.count(True) <= 5 and len(statuses) == 12, (statuses, errors)
statuses.clear()

# Eight handlers take the same step with the same tip.
one = tips[0]["id"]
assert post(anna, f"api/tips/{one}/oppna/").status_code == 200
at_once(*(
    lambda who=who: post(
        who, f"api/tips/{one}/steg/", step="spam", version=2, reason="trial"
    ).status_code
    for who in [anna, kollega] * 4
))
assert sorted(statuses) == [200] + [409] * 7, (statuses, errors)

# One person opens it in eight windows in the same moment: one reading.
statuses.clear()
at_once(*(lambda: post(kollega, f"api/tips/{one}/oppna/").status_code for _ in range(8)))
assert statuses == [200] * 8, (statuses, errors)
assert Event.objects.filter(tip_id=one, verb="seen", actor="kollega").count() == 1

# Eight tips are handled in the same moment, five steps each.
statuses.clear()
def handle(tip):
    path = f"api/tips/{tip['id']}/"
    taken = [post(anna, path + "oppna/").status_code]
    for version, step, given in [
        (2, "assign", {"assignee": "kollega"}), (3, "forward", {"receiver": "fra"}),
        (4, "close", {}), (5, "propose_purge", {"decision": "RA-MS 2026:12"}),
    ]:
        answer = post(anna, path + "steg/", step=step, version=version, **given)
        taken.append(answer.status_code)
    return tuple(taken)
at_once(*(lambda tip=tip: handle(tip) for tip in tips[1:]))
assert statuses == [(200,) * 5] * 8, (statuses, errors)

# A legal hold and a purge in the same moment: one of them.
for tip in tips[1:5]:
    at_once(
        lambda: purge.approve(tip["id"], 6, "kollega", vault_now()),
        lambda: steps.take_step(tip["id"], "hold", 6, "anna", {"reason": "disclosure"}),
    )
assert len(errors) == 4, errors
assert Tombstone.objects.count() + Tip.objects.filter(is_on_hold=True).count() == 4

seqs = list(Event.objects.values_list("seq", flat=True))
assert seqs == list(range(1, len(seqs) + 1)), seqs
assert events.verify() is None
print(json.dumps({"events": len(seqs), "tips": Tip.objects.count()}))
"""


@pytest.fixture(scope="module")
def server():
    """One of its own: the tips of others would be in the queue."""
    with installed() as server:
        yield server


@pytest.fixture
def service(server: Cluster, tmp_path: Path):
    """Runs a script as one of the services does."""
    people = [
        entry(name, name.capitalize(), age.generate_identity().recipient, number)
        for number, name in enumerate(("anna", "kollega"), start=1)
    ]
    trust = trust_in(tmp_path / "trust", people)
    intake_key_in(tmp_path / "intake.key")

    def run_as(role: str, user: str, script: str) -> str:
        environment = server.environment(
            role,
            user,
            tmp_path,
            SAPO_TIPS_TRUST=str(trust.path),
            SAPO_INTAKE_KEY=str(tmp_path / "intake.key"),
            SAPO_TIPS_RESERVE="1",
            PYTHONPATH=str(ROOT),
        )
        begin = "import django; django.setup()\n"
        return run([sys.executable, "-c", begin + script], environment)

    return run_as


def test_handlers_work_at_once_with_no_more_rights_than_the_desk_has(service, server, tmp_path):
    service("intake", "sapo-intake", LEAVE)
    first = (
        "from django.core.management import call_command\n"
        "call_command('tips_desk', 'first', '--who', 'anna', 'Anna', '', '--who', 'kollega', 'Bo', '')"
    )
    codes = dict(CODES.findall(service("desk", "sapo-desk", first)))
    assert set(codes) == {"anna", "kollega"}

    work = f"CODES = {codes!r}\n{WORK}"
    told = json.loads(service("desk", "sapo-desk", work).splitlines()[-1])

    # Arrival and opening; a step, and a reading; eight times four steps; one more for each of the
    # four pairs.
    assert told["events"] == 9 + 9 + 1 + 1 + 8 * 4 + 4
    assert told["tips"] in range(5, 10)
