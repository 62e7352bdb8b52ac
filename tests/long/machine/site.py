"""The site on a machine, as those meet it who read it, write it and leave tips."""

import http.client
import io
import re
import shlex
import socket
import ssl
import tarfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.nginx import NAMES, certificate_in, headers_of
from tests.postgres import ROOT
from tests.rings import entries_for, trust_in
from tests.system.fault.server import FORM, RIPE, Body, token_in
from tips.sealing import age, requests

from .nspawn import Machine

WWW, CMS, DESK = NAMES
SEALING_FORM = "/tipsa/formular/"
SERVICES = ("public", "editorial", "intake", "desk")
MAIL_PASSWORD = "hemligt@mejl"
ANSWERS = {
    "WWW": WWW, "EDITORIAL": CMS, "DESK": DESK, "MAIL_FROM": f"webb@{WWW}", "MAIL_ROOT": f"drift@{WWW}",
    "SMARTHOST": f"smtp+tls://sapo:{MAIL_PASSWORD.replace('@', '%40')}@{WWW}:587",
    "CERTIFICATE": "/etc/ssl/agency/fullchain.pem", "CERTIFICATE_KEY": "/etc/ssl/agency/key.pem",
}  # fmt: skip
# Two persons publish articles, each with a file: what the CMS's own pages call.
_PUBLISH = """
import hashlib, time
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from pages.content.models import ArticlePage, SectionPage
from pages.library.models import SiteDocument
from pages.newsroom.matching import Seen
from pages.newsroom.submissions import confirm, send
editor, chief = (get_user_model().objects.get(username=name) for name in {persons})
section = SectionPage.objects.filter(live=True, locale__language_code="sv").first()
for number in range({count}):
    slug = f"{prefix}-{{number}}"
    document = SiteDocument(title=slug, file=ContentFile(slug.encode() * 1000, name=slug + ".txt"))
    document.save()
    body = [("prose", f'<p>Se <a linktype="document" id="{{document.pk}}">bilagan</a>.</p>')]
    page = section.add_child(instance=ArticlePage(title=f"Artikel {{slug}}", slug=slug, lead="En kort ingress.", body=body, live=False))
    submission = send(editor, [page.save_revision(user=editor)]).submission
    outcome = confirm(chief, submission, {{item.pk: Seen(item.digest) for item in submission.items.all()}})
    page.refresh_from_db()
    assert page.live, outcome
    print("published", page.url, time.time(), flush=True)
"""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Asked:
    """What readers were answered while something went on."""

    well: int  # what they are answered otherwise
    statuses: Counter[int] = field(default_factory=Counter)
    longest: float = 0.0

    @property
    def failed(self) -> int:
        return self.statuses.total() - self.statuses[self.well]

    def go_on(self, count: int) -> None:
        """Until so many more have been answered well."""
        wanted, until = self.statuses[self.well] + count, time.monotonic() + 60
        while self.statuses[self.well] < wanted:
            assert time.monotonic() < until, f"after a minute still: {self}"
            time.sleep(0.1)

    def __str__(self) -> str:
        failed = {status: count for status, count in self.statuses.items() if status != self.well}
        return f"{self.statuses.total()} asked, failed {failed or 0}, the longest took {self.longest:.1f} s"


@dataclass
class Site:
    machine: Machine
    certificate: Path
    said: str = ""  # by deploy/install

    def ask(
        self, path: str, name: str = WWW, *, body: bytes | None = None, **headers: str
    ) -> Answer:
        """One request over TLS, whose certificate is looked at."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        with socket.create_connection(("127.0.0.1", self.machine.port), timeout=60) as plain:
            connection = http.client.HTTPSConnection(name)
            connection.sock = context.wrap_socket(plain, server_hostname=name)
            method = "GET" if body is None else "POST"
            connection.request(method, path, body, {"Host": name, **headers})
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            headers = {name.lower(): value for name, value in headers_of(response).items()}
            return Answer(response.status, text, headers)

    @contextmanager
    def asked_for(self, path: str, name: str = WWW, readers: int = 4) -> Iterator[Asked]:
        """Each reader asks for it twice a second (nginx sheds more); each answer is counted."""
        asked = Asked(self.ask(path, name).status)
        over, lock = threading.Event(), threading.Lock()

        def read() -> None:
            while not over.wait(0.5):
                begun = time.monotonic()
                try:
                    status = self.ask(path, name).status
                except OSError:
                    status = 0
                with lock:
                    asked.statuses[status] += 1
                    asked.longest = max(asked.longest, time.monotonic() - begun)

        reading = [threading.Thread(target=read) for _ in range(readers)]
        for reader in reading:
            reader.start()
        try:
            yield asked
        finally:
            over.set()
            for reader in reading:
                reader.join()

    def leave_tip(self, text: str) -> float:
        """A tip by the form, acknowledged with a reference number: when that came."""
        until = time.monotonic() + 60
        while (page := self._form()) is None:  # between two releases one loads it anew
            assert time.monotonic() < until, "no form for a minute"
            time.sleep(0.5)
        token = token_in(page)
        time.sleep(RIPE)
        photo = ("foto.jpg", "image/jpeg", text.encode() * 1000)
        body = Body({"token": token, "text": text}, [photo])
        # By an address that each release has, also for a form that was opened before an update.
        answer = self.ask(
            SEALING_FORM,
            body=body.content,
            **{"Content-Type": body.content_type, "Origin": f"https://{WWW}"},
        )
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        told = f"{answer.status}: {' '.join(re.sub('<[^>]*>', ' ', main).split())}"
        assert answer.status == 200, told
        assert "Referensnummer" in main, told
        return time.time()

    def _form(self) -> str | None:
        """The form without script; that of a release from before the page that seals is the only one."""
        pages = (self.ask(path) for path in (FORM, SEALING_FORM))
        return next((page.text for page in pages if 'name="token"' in page.text), None)

    def manage(self, *words: str, said: str = "", seconds: float = 60) -> str:
        return self.machine.do(f"deploy/manage {shlex.join(words)}", said=said, seconds=seconds)

    def make_persons(self) -> None:
        for name, full, role in (("anna", "Anna Ek", "redaktör"), ("bo", "Bo Alm", "chefredaktör")):
            self.manage("cms_accounts", "make", name, "--name", full, "--email", f"{name}@{WWW}",
                        "--role", role)  # fmt: skip

    def publish(
        self, prefix: str, count: int = 1, persons: tuple[str, str] = ("anna", "bo")
    ) -> dict[str, float]:
        """Articles that two persons publish: address, and when they were told that it is done."""
        said = self.machine.do(self.publishing(prefix, count, persons), seconds=120)
        published = published_in(said)
        assert len(published) == count, said
        return published

    def publishing(self, prefix: str, count: int, persons: tuple[str, str]) -> str:
        """The command that publishes them, and says so one by one."""
        program = _PUBLISH.format(prefix=prefix, count=count, persons=persons)
        return f"deploy/manage shell --no-imports --command {shlex.quote(program)}"

    def bring(self, code: bytes) -> None:
        """A release, where the book looks for it."""
        self.machine.do("cat > /root/release.tar", said=code)

    def lay_keyring(self, folder: Path) -> None:
        """The keys of two handlers, made elsewhere, and that of the machine's intake."""
        recipients = [age.generate_identity().recipient for _ in range(2)]
        said = self.manage("--as", "intake", "tips_intake_key")
        entry = next(line for line in said.splitlines() if line.startswith("{"))
        made = trust_in(
            folder / "stick",
            entries_for(recipients, ("Anna Ek", "Bo Alm")),
            intake=[requests.read_intake(f"{entry}\n".encode())],
        )
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            archive.add(made.path, "stick")
        self.machine.do(
            "tar --extract --directory /root\n"
            "install -m 0644 /root/stick/root /etc/sapo/trust/root\n"
            "cd /srv/sapo && deploy/manage --as root tips_keyring install --folder /root/stick\n"
            "deploy/manage --as root collectstatic --no-input",  # the page of the form names the root
            said=packed.getvalue(),
        )


def published_in(said: str) -> dict[str, float]:
    """What two persons were told that is public, and when."""
    lines = re.findall(r"^published (\S+) (\S+)\n", said, re.MULTILINE)
    return {re.sub(r"^https?://[^/]+", "", url): float(at) for url, at in lines}


def commands_of_the_book(section: str, word: str) -> list[str]:
    """The lines to type in a section of docs/operations.md: those of its block that has the word.

    Not among them is the one that only shows whether it worked.
    """
    book = (ROOT / "docs" / "operations.md").read_text().partition(f"\n## {section}\n")[2]
    block = next(each for each in re.findall(r"```sh\n(.*?)```", book, re.DOTALL) if word in each)
    lines = [line.partition(" #")[0].strip() for line in block.splitlines()]
    return [line for line in lines if "--status" not in line]


def start_mail_server(machine: Machine) -> None:
    """The agency's mail server, by the name and the certificate of www: the machine trusts who made that."""
    # OpenSMTPD reads whom the machine trusts when it starts.
    machine.do(
        f"echo 127.0.0.1 {WWW} >> /etc/hosts\n"
        "cp /etc/ssl/agency/fullchain.pem /usr/local/share/ca-certificates/agency.crt\n"
        "update-ca-certificates > /dev/null 2>&1\n"
        "mkdir /root/mails; cat > /root/mail_server.py\n"
        "systemd-run --quiet --unit mail-server python3 /root/mail_server.py /etc/ssl/agency/fullchain.pem"
        f" /etc/ssl/agency/key.pem 'sapo:{MAIL_PASSWORD}' /root/mails\n"
        "systemctl restart opensmtpd",
        said=(Path(__file__).parent / "mail_server.py").read_text(),
    )


def lay_answers(machine: Machine) -> Path:
    """A certificate of the agency's, and a file of answers: where its readers find the certificate."""
    place = machine.folder / "etc/ssl/agency"
    place.mkdir(parents=True)
    certificate_in(place, days=90)
    (place / "key.pem").chmod(0o600)
    address = machine.do("hostname -I").split()[0]
    answers = {**ANSWERS, "EDITORIAL_NETWORKS": address, "DESK_NETWORKS": address}
    lines = (f"{name}='{value}'\n" for name, value in answers.items())
    (machine.folder / "root/answers").write_text("".join(lines))
    return place / "fullchain.pem"
