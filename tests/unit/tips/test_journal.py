"""The audit log: entries of their own in the system's journal, or lines on standard error."""

import io
import logging
import socket

import pytest

from sapo_site.audit_log.journald import AuditHandler
from tips import journal


@pytest.fixture
def written(settings):
    """What a handler with this journal writes while something is noted, and the handler."""
    settings.ROLES = frozenset(["editorial"])
    attached = []

    def written(address):
        handler = AuditHandler(address)
        handler.setFormatter(logging.Formatter("line: %(message)s"))
        handler.setStream(io.StringIO())
        journal.logger.addHandler(handler)
        attached.append(handler)
        return handler.stream

    before = journal.logger.level
    journal.logger.setLevel(logging.INFO)
    yield written
    journal.logger.setLevel(before)
    for handler in attached:
        journal.logger.removeHandler(handler)


@pytest.fixture
def system_journal(tmp_path):
    """Stands in for the journal: a socket that reads its native protocol."""
    address = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal_socket:
        journal_socket.bind(address)
        journal_socket.settimeout(5)
        yield address, lambda: _read(journal_socket.recv(100_000))


def _read(datagram):
    fields = {}
    while datagram:
        name, _, rest = datagram.partition(b"\n")
        length = int.from_bytes(rest[:8], "little")
        assert rest[8 + length : 9 + length] == b"\n"
        assert name.decode() not in fields
        fields[name.decode()] = rest[8 : 8 + length].decode()
        datagram = rest[9 + length :]
    return fields


def test_entry_comes_to_the_journal_in_fields_of_its_own(written, system_journal):
    address, received = system_journal
    stderr = written(address)
    journal.note("CMS", "role-given", "admin", whom="anna", role="Chefredaktör", why=None)

    assert received() == {
        "MESSAGE": "CMS: admin role-given whom='anna' role='Chefredaktör'",
        "PRIORITY": "6",
        "SYSLOG_IDENTIFIER": "sapo",
        "SAPO_AUDIT": "1",
        "SAPO_SERVICE": "editorial",
        "SAPO_DOOR": "cms",
        "SAPO_EVENT": "role-given",
        "SAPO_WHO": "admin",
        "SAPO_WHOM": "anna",
        "SAPO_ROLE": "Chefredaktör",
    }
    assert stderr.getvalue() == ""


def test_logins_and_refusals_have_the_same_fields(written, system_journal):
    address, received = system_journal
    written(address)
    said = []
    journal.note_login("desk", "tove")
    said.append(received())
    journal.note_refusal("desk", "tove")
    said.append(received())
    journal.note_refusal("desk", None)
    said.append(received())
    journal.note("CMS", "account-closed", None, whom="anna")
    said.append(received())

    assert [each["MESSAGE"] for each in said] == [
        "desk: tove logged-in",
        "desk: tove refused",
        "desk: nobody by name refused",
        "CMS: nobody by name account-closed whom='anna'",
    ]
    kept = [
        {name[5:]: value for name, value in each.items() if name.startswith("SAPO_")}
        for each in said
    ]
    same = {"AUDIT": "1", "SERVICE": "editorial"}
    assert kept == [
        {**same, "DOOR": "desk", "EVENT": "logged-in", "WHO": "tove"},
        {**same, "DOOR": "desk", "EVENT": "refused", "WHO": "tove"},
        {**same, "DOOR": "desk", "EVENT": "refused"},
        {**same, "DOOR": "cms", "EVENT": "account-closed", "WHOM": "anna"},
    ]


def test_no_name_can_begin_a_field_or_a_line_of_its_own(written, system_journal):
    address, received = system_journal
    written(address)
    hostile = 'anna\nSAPO_WHO=admin\n"audit=1 who=admin\\'
    journal.note_refusal("CMS", hostile)
    assert received()["SAPO_WHO"] == hostile

    stderr = written("")
    journal.note_refusal("CMS", hostile)
    (line,) = stderr.getvalue().splitlines()
    assert line.endswith(r'event=refused who="anna SAPO_WHO=admin \"audit=1 who=admin\\"')


def test_no_entry_is_too_long_for_the_journal(written, system_journal):
    address, received = system_journal
    written(address)
    journal.note("CMS", "setting-changed", "a" * 200_000, what="b" * 200_000)

    fields = received()
    assert fields["SAPO_WHO"] == "a" * 500
    assert fields["SAPO_WHAT"] == "b" * 500


@pytest.mark.parametrize("address", ["", "/finns/inte/socket"])
def test_without_a_journal_each_entry_is_a_line_of_logfmt(written, address):
    stderr = written(address)
    journal.note("CMS", "role-given", "admin", whom="anna", role="Får allt")

    (line,) = stderr.getvalue().splitlines()
    assert line.startswith("audit=1 time=20")
    assert line.endswith(
        '+00:00 service=editorial door=cms event=role-given who=admin whom=anna role="Får allt"'
    )


def test_other_lines_are_written_as_before(written, system_journal):
    address, _received = system_journal
    stderr = written(address)
    journal.logger.warning("något annat")

    assert stderr.getvalue() == "line: något annat\n"


def test_site_writes_its_log_with_this_handler(settings):
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]
    assert (
        settings.LOGGING["handlers"]["stderr"]["()"] == "sapo_site.audit_log.journald.AuditHandler"
    )
    assert settings.LOGGING["loggers"]["tips.journal"]["level"] == "INFO"
