"""The databases of a landed release, on a machine that goes over to this code by the book."""

import re
from subprocess import CompletedProcess

import zstandard

from tests.releases import OWNERS, RELEASES

from .nspawn import packed_code
from .site import SERVICES, Site, commands_of_the_book

ALL = " ".join(f"sapo@{service}" for service in SERVICES) + " sapo-edition sapo-moments"
# The release that has been out the longest: what has changed since has changed for it.
FIRST = "9f55fd0"


def _is_of_a_file(line: str) -> bool:
    return bool(
        re.fullmatch(
            r"/media/\S+: går inte att hämta, .*|(bild|fil) ”.+”: dess fil är borta"
            r"|CommandError: \d+ stämmer inte .*|deploy/update: Uppdateringen är klar, men .*",
            line,
        )
    )


# What was public in the first release, before two had to approve it: the update says so of each.
UNAPPROVED = "är publikt, och ingen har godkänt det"


def faults_of_update(done: CompletedProcess[str]) -> list[str]:
    """What an update found wrong in the end, but for files: only databases are kept of a release."""
    # Last it says of what is public whether it is as it was confirmed, when intake and desk have tried themselves.
    held = "punkter håller.\n"
    said = done.stdout.rpartition(held)[2] if done.stdout.count(held) == 2 else done.stdout
    faults = said.splitlines() if done.returncode else []
    return [line for line in faults if not (_is_of_a_file(line) or line.endswith(UNAPPROVED))]


def _become(site: Site, release: str) -> None:
    """The machine's databases are as the release left them; nobody's accounts but the demo's are there."""
    site.machine.do(
        f"systemctl stop {ALL} 'sapo-job@*.timer' $(printf 'sapo@%s.socket ' {' '.join(SERVICES)})"
    )
    for database, owner in OWNERS.items():
        dump = zstandard.decompress(
            (RELEASES[release] / f"{database}.sql.zst").read_bytes()
        ).decode()
        site.machine.do(
            f"runuser -u postgres -- dropdb --force {database}\n"
            f"runuser -u postgres -- createdb --owner {owner} --encoding UTF8 --template template0 {database}\n"
            f"runuser -u postgres -- psql --quiet --single-transaction --set ON_ERROR_STOP=1 --dbname {database}",
            said=f'SET ROLE "{owner}";\n{dump}',
        )
    site.machine.do(
        "runuser -u postgres -- psql --quiet --dbname sapo --command"
        " \"UPDATE auth_user SET first_name = 'Anna', last_name = username\"\n"
        "rm -rf /var/lib/sapo/edition/* /var/lib/sapo/files/*/* /var/lib/sapo/records/* /var/lib/sapo/tips/sealed/*"
    )


def test_a_machine_with_the_databases_of_the_first_release_is_updated_by_the_book(restored):
    _become(restored, FIRST)
    restored.bring(packed_code())
    for command in commands_of_the_book("Update", "deploy/update"):
        if "manage backup" in command:
            continue  # there is no keeper here
        done = restored.machine.attempt("bash", said=command, seconds=200)
        assert faults_of_update(done) == [], command
    restored.machine.do("systemctl start 'sapo-job@*.timer'")


def test_the_updated_site_serves_what_it_had_in_both_languages(restored):
    for path in ("/", "/en/"):
        answer = restored.ask(path)
        assert answer.status == 200
        assert "<h1" in answer.text
    sitemap = restored.ask("/sitemap.xml")
    addresses = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", sitemap.text)
    assert len(addresses) > 30
    assert [path for path in addresses if restored.ask(path).status != 200] == []


def test_two_persons_publish_on_the_updated_site(restored):
    [(address, _at)] = restored.publish("uppdaterad", persons=("redaktor", "chefredaktor")).items()
    restored.machine.do("sleep 2")
    assert "Artikel uppdaterad-0" in restored.ask(address).text
    found = restored.ask("/sok/?q=uppdaterad")
    assert address in found.text
