"""What `signera.pyz` does: a word of Swedish, a folder, and nothing of the site."""

import contextlib
import io
import re
import sys
import unicodedata
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from tips.sealing import trust
from tips.sealing.keyring import EntryKind
from tips.sealing.stops import STOP_REASONS

from .begun import Begun, found_file, read_folder, write_begun
from .differences import about_keyring
from .files import read_octets
from .handler_keys import make_handler
from .making import begin_ceremony, change_signers, follow_keyring
from .papers import in_force, on_paper, refuse_faults
from .signer_keys import make_signer, refuse_network, signer_key
from .speech import (
    Mistake,
    SwedishHelp,
    in_plain_words,
    leave_quietly,
    legible,
    plain_fault,
    put_line,
)
from .stop_file import write_stop
from .waiting import show_root, sign_waiting, who_has_signed
from .words import twelve_words

_ABOUT = """\
Gör nycklar, och det som undertecknarna skriver under. Behöver bara Python, och inget nät.

  undertecknare        din nyckel som undertecknare: --namn
  handlaggare          en handläggares nyckel: --id, --namn
  reservnyckel         en nyckel till kassaskåpet, som bara öppnar
  borja                de första undertecknarna och den första nyckelringen, av det som ligger i mappen
  nasta                nästa nyckelring: --lagg-till FIL, --ta-bort ID, --sista-dag 2027-05-01
  andra-undertecknare  byter en av de tre: --lagg-till FIL, --ta-bort NAMN
  visa                 vad det som väntar ändrar, i ord, och vilka som har skrivit under
  skriv-under          skriver under det som väntar på dig, en release också: --nyckel FIL
  stoppa               stänger ute en handläggare i 14 dagar: ID, --skal nyckel, ensam eller slutat
  prova                prövar allt som ligger i mappen
  papper               namn, id, tolv ord och roten: det som ska stå på papper

Filer söks där du står och i mappen. borja, nasta och andra-undertecknare skriver också under, med --nyckel."""


_STYLE: dict[str, Any] = {"formatter_class": SwedishHelp, "add_help": False}


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Mistake(in_plain_words(message))


def run_signera(words: Sequence[str]) -> None:
    """Does it; or says in one line why not, and ends with 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        given = _parser().parse_args(words)
        given.do(given)
    except BrokenPipeError:
        leave_quietly(1)
    except KeyboardInterrupt:
        _stop("\nAvbrutet.")
    except Exception as error:
        _stop(plain_fault(error))


def _stop(text: str) -> NoReturn:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{text}\n")
    leave_quietly(1)


_REASONS = dict(zip(("nyckel", "ensam", "slutat", "annat"), STOP_REASONS, strict=True))
# How each option is described, and read.
_OPTIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "--mapp": ("MAPP", "Där ceremonins filer ligger.", {"default": "."}),
    "--namn": ("NAMN", "Vems nyckeln är.", {}),
    "--id": ("ID", "Två till 32 små bokstäver, siffror, streck.", {}),
    "--foljer": ("ID", "Det id som du hade, när dess nyckel är borta.", {}),
    "--ut": ("FIL.age", "Där nyckeln ska ligga; annars där du står.", {}),
    "--behall": ("FIL", "Din förra nyckelfil: den nya öppnar det som den öppnar.", {}),
    "--rot": ("N:SUMMA", "Roten på papperet; annars den som ligger i mappen.", {}),
    "--nyckel": ("FIL", "Din nyckelfil som undertecknare.", {}),
    "--lagg-till": ("FIL", "Den som kommer.", {"action": "append", "default": []}),
    "--ta-bort": ("ID", "Den som lämnar.", {"action": "append", "default": []}),
    "--inlamning": ("FIL", "Inlämningens nyckel.", {"action": "append", "default": []}),
    "--egen": ("FIL", "release.txt som du själv har byggt.", {}),
    "vem": ("ID", "Den som stoppas.", {}),
    "--skal": (
        "SKÄL",
        "nyckel, ensam, slutat eller annat.",
        {"default": "annat", "choices": _REASONS},
    ),
    "--sista-dag": ("DAG", "Annars om 190 dagar.", {"type": date.fromisoformat}),
    "--lopnummer": ("N", "Efter en ny rot: numret efter den sista.", {"type": int, "default": 1}),
}
_SIGNING = ("--rot", "--nyckel")


def _parser() -> ArgumentParser:
    parser = _Parser(
        "signera.pyz", usage="signera.pyz KOMMANDO [VAL]", description=_ABOUT, **_STYLE
    )
    parser.add_argument("-h", "--help", action="help", help=SUPPRESS)
    kinds = parser.add_subparsers(metavar="KOMMANDO", required=True, help=SUPPRESS)
    for name, (do, needed, more) in _COMMANDS.items():
        made = kinds.add_parser(name, allow_abbrev=False, **_STYLE)
        made.set_defaults(do=do)
        made.add_argument("-h", "--help", action="help", help="Visar den här hjälpen.")
        for option in ("--mapp", *needed, *more):
            metavar, help, how = _OPTIONS[option]
            if option.startswith("-"):
                how = {**how, "required": option in needed}
            made.add_argument(option, metavar=metavar, help=help, **how)
        # Where there is a network too: for tests, and to try it in a demo.
        made.add_argument("--jag-vet", action="store_true", help=SUPPRESS)
    return parser


# Keys


def _signer(given: Namespace) -> None:
    if not given.jag_vet:
        refuse_network()
    out = _new_key(given.ut, _plain(given.namn) or "undertecknare")
    public = _folder(given) / f"{out.stem}.signer"
    octets = make_signer(given.namn, out, public)
    _tell_of_key(out, f"Lägg {legible(public)} i ceremonins mapp.", octets)


def _handler(given: Namespace) -> None:
    _make_handler(given, "handler", given.id, given.namn)


def _vault(given: Namespace) -> None:
    _make_handler(given, "vault", given.id or "reservnyckel", given.namn or "Reservnyckel")


def _make_handler(given: Namespace, kind: EntryKind, id: str, name: str) -> None:
    begun = read_folder(_folder(given), given.rot)
    if begun.pin is None:
        raise Mistake("Inga undertecknare ligger i mappen. Ange roten från papperet: --rot 1:…")
    out = _new_key(given.ut, id)
    asks = begun.folder / f"{out.stem}.request"
    kept = found_file(given.behall, begun.folder) if given.behall else None
    named = (id, name, given.foljer or "")
    octets = make_handler(kind, named, out, asks, begun.pin, kept)
    show_root(begun)
    both = " och .sig" if kind == "handler" else ""
    _tell_of_key(out, f"Ta {legible(asks)}{both} till ceremonin.", octets)


def _new_key(given: str | None, name: str) -> Path:
    path = Path(given or f"{name}.age")
    if path.suffix != ".age":
        raise Mistake("--ut ska sluta på .age.")
    return path


def _plain(name: str) -> str:
    """The name as a file may be called."""
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def _tell_of_key(out: Path, what: str, octets: bytes) -> None:
    put_line(f"Nyckeln ligger i {legible(out)}, låst. Spara en kopia på ett säkert ställe.")
    put_line(f"{what} Skriv orden på papper, och läs upp dem där:")
    put_line(twelve_words(trust.sha256_of(octets)))


# What is signed


def _begin(given: Namespace) -> None:
    _make(given, lambda begun: begin_ceremony(begun, given.sista_dag, given.lopnummer))


def _next(given: Namespace) -> None:
    words = (given.lagg_till, given.inlamning, given.ta_bort, given.sista_dag)
    _make(given, lambda begun: follow_keyring(begun, *words))


def _change(given: Namespace) -> None:
    _make(given, lambda begun: change_signers(begun, given.lagg_till, given.ta_bort))


def _sign(given: Namespace) -> None:
    def check(begun: Begun) -> Begun:
        if given.egen and begun.release and begun.release.octets != read_octets(Path(given.egen)):
            raise Mistake("Det du har byggt är något annat. Inget har skrivits under.")
        return begun

    _make(given, check)


def _make(given: Namespace, make: Callable[[Begun], Begun]) -> None:
    """Makes it in memory, signs it where there is a key, and then lays it in the folder."""
    if given.nyckel and not given.jag_vet:
        refuse_network()
    begun = make(read_folder(_folder(given), given.rot))
    if given.nyckel:
        path = found_file(given.nyckel, begun.folder)
        begun = sign_waiting(begun, signer_key(path), path.with_suffix(".nyckelring"))
    else:
        _show_drafts(begun)
    write_begun(begun)
    for line in who_has_signed(read_folder(begun.folder, given.rot)):
        put_line(line)


def _show_drafts(begun: Begun) -> None:
    show_root(begun)
    for draft in begun.drafts():
        put_line(draft.in_words)


def _show(given: Namespace) -> None:
    begun = read_folder(_folder(given), given.rot)
    _show_drafts(begun)
    if begun.whole and not begun.ring:
        put_line(about_keyring(begun.whole, None, is_shown=True))
    for line in who_has_signed(begun):
        put_line(line)


def _stop_handler(given: Namespace) -> None:
    if not given.jag_vet:
        refuse_network()
    begun = read_folder(_folder(given), given.rot)
    key = signer_key(found_file(given.nyckel, begun.folder))
    path = write_stop(begun, given.vem, _REASONS[given.skal], key)
    put_line(f"Ta {legible(path)} och .sig till servern i dag: tips_stop {legible(path)}")


def _verify(given: Namespace) -> None:
    begun = read_folder(_folder(given), given.rot)
    refuse_faults(begun)
    show_root(begun)
    for line in in_force(begun):
        put_line(line)


def _papers(given: Namespace) -> None:
    for line in on_paper(read_folder(_folder(given), given.rot)):
        put_line(line)


def _folder(given: Namespace) -> Path:
    return Path(given.mapp)


# What each does, the options that it needs, and those that it takes.
_COMMANDS: dict[str, tuple[Callable[[Namespace], None], tuple[str, ...], tuple[str, ...]]] = {
    "undertecknare": (_signer, ("--namn",), ("--ut",)),
    "handlaggare": (_handler, ("--id", "--namn"), ("--foljer", "--rot", "--ut", "--behall")),
    "reservnyckel": (_vault, (), ("--id", "--namn", "--foljer", "--rot", "--ut", "--behall")),
    "borja": (_begin, (), ("--sista-dag", "--lopnummer", *_SIGNING)),
    "nasta": (_next, (), ("--lagg-till", "--ta-bort", "--inlamning", "--sista-dag", *_SIGNING)),
    "andra-undertecknare": (_change, ("--lagg-till", "--ta-bort"), _SIGNING),
    "visa": (_show, (), ("--rot",)),
    "skriv-under": (_sign, ("--nyckel",), ("--egen", "--rot")),
    "stoppa": (_stop_handler, ("vem", "--nyckel"), ("--skal", "--rot")),
    "prova": (_verify, (), ("--rot",)),
    "papper": (_papers, (), ("--rot",)),
}
