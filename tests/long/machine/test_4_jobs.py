"""Timers and their jobs under systemd itself, and who is told when one fails."""

import re

from tests.postgres import jobs

from .site import ANSWERS, WWW, Site

# From 0 (can do nothing else) to 10, as `systemd-analyze security` counts.
EXPOSED = {
    "sapo@public": 0.8, "sapo@intake": 0.8, "sapo@desk": 0.8, "sapo-edition": 0.8, "sapo@editorial": 1.4,
    "sapo-moments": 1.4, "sapo-links": 1.5, "sapo-backup": 2.6,
    "sapo-reader@x": 0.5,
}  # fmt: skip


def _mails(site: Site, *, patience: float = 0) -> str:
    """What the agency's mail server has taken since it was looked at."""
    if patience:
        site.machine.wait_until("ls /root/mails | grep -q .", seconds=patience)
    site.machine.wait_until('[ -z "$(smtpctl show queue)" ]', seconds=30)
    return site.machine.do("cat /root/mails/* 2> /dev/null || true; rm -f /root/mails/*")


def test_systemd_finds_no_fault_in_a_unit(site):
    units = site.machine.do(
        "systemctl list-units --all --plain --no-legend 'sapo*' | awk '{print $1}'"
    ).split()
    assert len(units) > 30
    verified = site.machine.do(
        f"systemd-analyze verify {' '.join(units)} sapo-alarm@x.service sapo-links.service sapo-reader@x.service",
        seconds=120,
    )
    assert verified == ""


def test_what_a_unit_may_do_besides_its_work_is_little_by_systemds_own_count(site):
    said = site.machine.do(
        "".join(f"systemd-analyze security --no-pager {unit} | tail -n 1\n" for unit in EXPOSED)
    )
    found = re.findall(r"Overall exposure level for (\S+)\.service: (\S+)", said)
    assert {unit: float(exposed) for unit, exposed in found} == EXPOSED


def test_each_job_has_its_time_and_does_its_work_on_this_machine(site):
    # At eight, thirteen and seventeen handlers are told of unread tips, and somebody must be there to tell.
    site.machine.do(
        f"sed -i 's/^SAPO_TIPS_NOTICE_TO=.*/SAPO_TIPS_NOTICE_TO=anna@{WWW}/' /etc/sapo/desk.env"
    )
    _mails(site)
    names = [name for name in jobs() if name != "links"]  # asks other websites
    timers = " ".join(f"sapo-job@{name}.timer" for name in jobs())
    for state in ("enabled", "active"):
        assert {*site.machine.do(f"systemctl is-{state} {timers}").split()} == {state}
    done = site.machine.attempt(
        f"systemctl start {' '.join(f'sapo-job@{name}' for name in names)}", seconds=120
    )
    assert done.returncode == 0, site.machine.journal("--unit 'sapo-job@*' --lines 60")
    assert "Subject: sapo-job@" not in _mails(site)


def test_mail_leaves_by_a_server_that_demands_a_password_over_tls(site):
    said = site.machine.attempt("deploy/doctor --mail", seconds=120).stdout
    assert "ok   mejl till root lämnade maskinen" in said, said
    mail = _mails(site, patience=20)
    assert "Subject: deploy/doctor" in mail
    assert f"Envelope: TO:<{ANSWERS['MAIL_ROOT']}>" in mail


def test_root_is_mailed_a_job_that_fails_and_the_journal_has_that_it_did(site):
    # Else its own time may come meanwhile, and to start what runs already is to wait for it.
    site.machine.do("systemctl stop sapo-job@tips-alarm.timer")
    site.machine.wait_until(
        "systemctl is-active sapo-job@tips-alarm.service | grep -Eqx 'inactive|failed'", seconds=30
    )
    _mails(site)
    site.machine.do("mv /etc/sapo/desk.env /root/")
    try:
        failed = site.machine.attempt("systemctl start sapo-job@tips-alarm.service")
    finally:
        site.machine.do("mv /root/desk.env /etc/sapo/")
    assert failed.returncode != 0
    mail = _mails(site, patience=20)
    assert "Subject: sapo-job@tips-alarm.service" in mail
    assert "/etc/sapo/desk.env går inte att läsa" in mail
    assert "sapo-job@tips-alarm.service: root får ett mejl." in site.machine.journal(
        "--unit 'sapo-alarm@*'"
    )
    site.machine.do("systemctl start sapo-job@tips-alarm.service sapo-job@tips-alarm.timer")


def test_root_is_mailed_that_there_is_no_backup(site):
    site.machine.do("echo /srv > /etc/sapo/backup.target")
    failed = site.machine.attempt("systemctl start sapo-job@backup.service")
    site.machine.do("rm /etc/sapo/backup.target")
    assert failed.returncode != 0
    assert "Det finns ingen hel säkerhetskopia." in _mails(site, patience=20)
    site.machine.do("systemctl start sapo-job@backup.service")
    assert "Över: sapo-job@backup.service" in _mails(site, patience=20)


def test_where_mtail_is_installed_it_counts_what_the_services_answer(site):
    site.machine.do("apt-get install --quiet=2 --yes mtail > /dev/null", seconds=300)
    assert "+ /etc/mtail/sapo.mtail" in site.machine.do("deploy/install -- nginx", seconds=120)
    assert "Klart: 0 ändringar." in site.machine.do("deploy/install -- nginx", seconds=120)
    with site.asked_for("/sok/?q=kontakt") as asked:
        asked.go_on(20)
    told = "python3 -c 'import urllib.request as u; print(u.urlopen(\"http://127.0.0.1:3903/metrics\").read().decode())'"
    counted = f"""grep 'sapo_requests_total{{host="{WWW}",.*status="2"}}'"""
    site.machine.wait_until(f"{told} | {counted}", seconds=30)
