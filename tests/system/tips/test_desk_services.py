"""The desk as in production: a process and a database user of its own, on a real PostgreSQL."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.passkeys import Passkey, ring_passkey
from tests.postgres import ROOT, Cluster, installed, run
from tests.rings import entry, intake_key_in, trust_in
from tips.sealing import age

HOST = "tipsmottagning.sapo.example"
ORIGIN = f"https://{HOST}"
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
import hashlib, json, threading
from django.db import connections
from django.test import Client
from tips.handling import events, proofs, steps
from tips.handling.handlers import handler_now
from tips.models import Event, SpentChallenge, Tip, Tombstone
from tips.sealing.trust import to_text
from tests.acts import act, as_sent, signed_act
from tests.handlers import signed
from tests.passkeys import shown_to_desk
from tests.system.tips.test_desk_services import HOST, ORIGIN, passkey_of

DESK = "/tipsmottagning/"
def browser(name):
    client = Client(headers={"host": HOST, "x-forwarded-proto": "https"})
    asked = post(client, "api/utmaning/").json()
    login = signed(handler_now(name), {**asked, "host": HOST})
    challenge = to_text(hashlib.sha256(login["login"].encode()).digest())
    shown = shown_to_desk(passkey_of(name).shown({"challenge": challenge}))
    assert post(client, "api/logga-in/", **login, passkey=shown).json() == {"user": name}
    return client

SCRIPT = {"sec-fetch-site": "same-origin", "x-desk": "1", "origin": ORIGIN}
def post(client, path, **body):
    kind = "application/json"
    return client.post(DESK + path, json.dumps(body), content_type=kind, headers=SCRIPT)
def send(client, name, step, tip, value):
    return post(client, "api/steg/", **as_sent(signed_act(name, step, tip, value=value))).status_code

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

# What was signed once is sent in eight moments that are the same: one is let in.
asked = post(anna, "api/utmaning/").json()
login = signed(handler_now("anna"), {**asked, "host": HOST})
challenge = to_text(hashlib.sha256(login["login"].encode()).digest())
login["passkey"] = shown_to_desk(passkey_of("anna").shown({"challenge": challenge}))
headers = {"host": HOST, "x-forwarded-proto": "https"}
at_once(*[lambda: post(Client(headers=headers), "api/logga-in/", **login).status_code] * 8)
assert sorted(statuses) == [200] + [400] * 7, (statuses, errors)
assert SpentChallenge.objects.count() == 3
statuses.clear()

# Eight handlers take the same step with the same tip.
one = tips[0]["id"]
assert post(anna, f"api/tips/{one}/oppna/").status_code == 200
found = steps.find(one)
at_once(*(
    lambda who=who, name=name: send(who, name, "spam", found, "trial")
    for who, name in [(anna, "anna"), (kollega, "kollega")] * 4
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
    taken = [post(anna, f"api/tips/{tip['id']}/oppna/").status_code]
    for step, value in [
        ("assign", "kollega"), ("forward", "fra"), ("close", ""),
        ("propose_purge", "RA-MS 2026:12"),
    ]:
        taken.append(send(anna, "anna", step, steps.find(tip["id"]), value))
    return tuple(taken)
at_once(*(lambda tip=tip: handle(tip) for tip in tips[1:]))
assert statuses == [(200,) * 5] * 8, (statuses, errors)

# A legal hold and a purge in the same moment: one of them.
for tip in [steps.find(each["id"]) for each in tips[1:5]]:
    at_once(
        lambda: act("kollega", "purge", tip, value=tip.purge_proposal),
        lambda: act("anna", "hold", tip, value="disclosure"),
    )
assert len(errors) == 4, errors
assert Tombstone.objects.count() + Tip.objects.filter(is_on_hold=True).count() == 4

seqs = list(Event.objects.values_list("seq", flat=True))
assert seqs == list(range(1, len(seqs) + 1)), seqs
assert events.verify() is None
assert proofs.unproved() == []
print(json.dumps({"events": len(seqs), "tips": Tip.objects.count()}))
"""


def passkey_of(name: str) -> Passkey:
    """The same in each process: it signs what the entry of this id names."""
    key = ec.derive_private_key(sum(name.encode()), ec.SECP256R1())
    return Passkey(HOST, ORIGIN, key_id=name.encode() * 4, key=key)


@pytest.fixture(scope="module")
def server():
    """One of its own: the tips of others would be in the queue."""
    with installed() as server:
        yield server


@pytest.fixture
def service(server: Cluster, tmp_path: Path):
    """Runs a script as one of the services does."""
    people = [
        replace(
            entry(name, name.capitalize(), age.generate_identity().recipient, number),
            passkeys=(ring_passkey(passkey_of(name).made({"challenge": "YQ"})),),
        )
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
    told = json.loads(service("desk", "sapo-desk", WORK).splitlines()[-1])

    # Arrival and opening; a step, and a reading; eight times four steps; one more for each of the
    # four pairs.
    assert told["events"] == 9 + 9 + 1 + 1 + 8 * 4 + 4
    assert told["tips"] in range(5, 10)
