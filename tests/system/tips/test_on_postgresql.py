"""What the tip channel does on a PostgreSQL of its own: late steps, strange rows, and a server that is hurt."""

import json
import re
import sys
from collections.abc import Iterator

import pytest
from django.db.utils import ConnectionHandler

from tests.postgres import ROOT, Cluster, installed, run
from tests.system.pages.outages import hanging
from tips.keeping import readiness as module


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """One of its own: the tips of others would be in the queue."""
    with installed() as server:
        yield server


LEAVE = """
from tips.keeping import intake
for number in range(3):
    intake.leave({"text": f"Tips {number}", "subject": "annat"})
"""
# A reader asks while one step is written and not yet committed, and another waits behind it.
WORK = """
import json, threading, time
from django.db import connection, connections, transaction
from tips.handling import events, steps
from tips.models import Tip

steps.take_in_new()
one, other, third = Tip.objects.using("tips").filter(state="received").order_by("pk")[:3]
told, seen = [], lambda since: events.changed_after(since, 200)
since = events.last_event().seq
is_written, may_end = threading.Event(), threading.Event()

def slow():
    with transaction.atomic(using="tips"):
        steps.change_tip(one, steps.STEPS["open"], actor="anna")
        is_written.set()
        may_end.wait(30)
        if ENDS_BADLY:
            transaction.set_rollback(True, using="tips")
    connections.close_all()

def late():
    is_written.wait(30)
    steps.open_tip(other.pk, "kollega")
    connections.close_all()

threads = [threading.Thread(target=slow), threading.Thread(target=late)]
for thread in threads: thread.start()
is_written.wait(30)
time.sleep(1)
# Nothing can be seen yet, and the cursor does not go past what cannot.
between = seen(since)
assert between == ([], since, True), between
may_end.set()
for thread in threads: thread.join(30)
after = seen(between[1])
steps.open_tip(third.pk, "anna")
last = seen(after[1])
names = {one.pk: "one", other.pk: "other", third.pk: "third"}
print(json.dumps([[names[each] for each in lot[0]] for lot in (after, last)]))
"""


@pytest.mark.parametrize("ends_badly", [False, True], ids=["commits late", "never commits"])
def test_a_step_that_is_committed_late_is_not_missed(
    server, tip_channel, tmp_path, settings, ends_badly
):
    def service(role, user, script):
        environment = server.environment(
            role, user, tmp_path, SAPO_TIPS_TRUST=str(tip_channel.trust.path),
            SAPO_INTAKE_KEY=str(settings.TIPS_INTAKE_KEY), SAPO_TIPS_RESERVE="1", PYTHONPATH=str(ROOT),
        )  # fmt: skip
        begin = "import django; django.setup()\n"
        return run([sys.executable, "-c", begin + script], environment)

    service("intake", "sapo-intake", LEAVE)
    work = f"ENDS_BADLY = {ends_badly}\n{WORK}"
    told = json.loads(service("desk", "sapo-desk", work).splitlines()[-1])

    assert told == [["other"] if ends_badly else ["one", "other"], ["third"]]


_ENROLS = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from tips.accounts import factors, people, row_seals
from tips.models import DeskSession
now = timezone.localtime()
for name in ("cia", "dan", "eva", "fia", "gun"):
    people.enrol(name, "Åke Öst", "a@example.org", by="anna-ek", lasts=timedelta(days=1))
    handler = people.handler_named(name)
    key = name.encode() + bytes(range(99))
    factors._add(handler, kind="webauthn", credential_id=key, public_key=b"x", counter=2**40)
    factors.new_recovery_codes(handler)
    session = DeskSession(handler=handler, key_hash=name, stage="in", began=now, seen=now, proven=now)
    row_seals.seal_row(session)
    session.save()
    row_seals.change_row(session, challenge=b"?")
"""
_WRITES = """
    INSERT INTO tips_handler SELECT (jsonb_populate_record(each, jsonb_build_object(
        'id', gen_random_uuid(), 'username', 'inlagd'))).* FROM tips_handler AS each WHERE username = 'cia';
    UPDATE tips_handler SET is_locked = true WHERE username = 'dan';
    UPDATE tips_authenticator SET counter = 0 WHERE kind = 'webauthn'
        AND handler_id = (SELECT id FROM tips_handler WHERE username = 'eva');
    DELETE FROM tips_authenticator WHERE kind = 'codes'
        AND handler_id = (SELECT id FROM tips_handler WHERE username = 'fia');
    UPDATE tips_desksession SET seen = seen + interval '1 hour' WHERE key_hash = 'gun';
"""


def test_who_owns_the_tables_in_postgresql_writes_nothing_that_counts(server, tmp_path):
    desk = server.environment("desk", "sapo-desk", tmp_path)
    asked = [sys.executable, "manage.py", "tips_desk", "list"]
    with server.connect("sapo-tips-owner", "sapo_tips") as connection:
        connection.execute("TRUNCATE tips_handler CASCADE")
    run([sys.executable, "-c", _ENROLS], desk)
    assert "vid sidan av" not in run(asked, desk)

    with server.connect("sapo-tips-owner", "sapo_tips") as connection:
        connection.execute(_WRITES)

    named = re.findall(r"vid sidan av tipsmottagningen: (\w+)", run(asked, desk))
    assert sorted(named) == ["dan", "eva", "fia", "gun", "inlagd"]


@pytest.fixture
def as_the_intake(monkeypatch):
    """A PostgreSQL of its own that may be hurt, asked as the intake asks it."""
    with installed() as server:
        own = {
            "ENGINE": "django.db.backends.postgresql", "NAME": "sapo_tips",
            "USER": "sapo-intake", "HOST": str(server.folder), "OPTIONS": {"connect_timeout": 2},
        }  # fmt: skip
        handler = ConnectionHandler({"default": own, "tips": own})
        monkeypatch.setattr(module, "connections", handler)
        monkeypatch.setattr(module, "_LONGEST", "200ms")
        yield server


@pytest.mark.django_db(databases=["default", "tips"])
@pytest.mark.fault("database hangs")
@pytest.mark.fault("database read-only")
def test_whatever_is_wrong_with_postgresql_is_found_out_soon(as_the_intake):
    server = as_the_intake
    assert module._answers()
    with server.connect("sapo-intake", "sapo_tips") as intake:  # nor does a tip wait longer
        assert intake.execute("SHOW statement_timeout").fetchone() == ("10s",)
    with server.connect("postgres", "sapo_tips") as owner:
        assert owner.execute("SELECT count(*) FROM tips_tip").fetchone() == (0,)
        for table in ("tips_tip", "tips_arrival"):
            owner.execute(f'REVOKE INSERT ON {table} FROM "sapo-intake"')
            assert not module._answers()
            owner.execute(f'GRANT INSERT ON {table} TO "sapo-intake"')
            assert module._answers()
        owner.execute('ALTER ROLE "sapo-intake" SET default_transaction_read_only = on')
        assert not module._answers()
        owner.execute('ALTER ROLE "sapo-intake" RESET default_transaction_read_only')
        with owner.transaction():
            owner.execute("LOCK TABLE tips_tip IN ACCESS EXCLUSIVE MODE")
            assert not module._answers()

    with hanging(server):  # it does not answer, and does not say so
        assert not module._answers()
    server.stop()
    assert not module._answers()
    server.start()
    assert module._answers()
