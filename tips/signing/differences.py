"""What one keyring changes in another, in sentences that two people read to each other."""

from collections.abc import Iterator, Sequence

from tips.sealing import fingerprint, requests, trust
from tips.sealing.keyring import Keyring, KeyringEntry
from tips.sealing.signers import Signers

from .words import twelve_words


def about_keyring(new: Keyring, old: Keyring | None, *, is_shown: bool = False) -> str:
    """Who comes and who leaves, or who is in it, until when it is good, and its words."""
    lines = [f"Nyckelring {new.serial}, gjord {new.made_on}, gäller till och med {new.not_after}."]
    lines += _coming(new, old, is_shown)
    if old:
        lines += _leaving(new, old)
    else:
        lines += [f"Har lämnat: {gone.name} ({gone.id})." for gone in new.former]
    lines += [f"Tips förseglas till {len(new.entries)}: {_names(new.entries)}."]
    if new.is_demo:
        lines.append("Gjord av demot: den gäller inte i drift.")
    return "\n".join([*lines, f"Nyckelring {new.serial} i ord:", twelve_words(new.hash)])


def about_signers(new: Signers, old: Signers | None) -> str:
    """Who signs keyrings from now on, and the words of the root."""
    before = {key.id for key in old.keys} if old else set()
    lines = [f"Undertecknare {new.number}, gjorda {new.made_on}. Två av de tre skriver under."]
    for person in new.people:
        is_new = " (ny)" if old and person.key.id not in before else ""
        lines.append(f"  {person.name}, nyckel {person.key.id}{is_new}")
    if old:
        now = {key.id for key in new.keys}
        lines += [f"Lämnar: {each.name}." for each in old.people if each.key.id not in now]
    return "\n".join([*lines, f"Roten {new.pin}", "i ord:", twelve_words(new.hash)])


def _coming(new: Keyring, old: Keyring | None, is_shown: bool) -> Iterator[str]:
    before = {entry.id: entry for entry in old.entries} if old else {}
    gone = {each.id: each.name for each in new.former}
    for entry in new.entries:
        words = " ".join(fingerprint.words(trust.sha256_of(requests.spell_request(entry))))
        if entry.id not in before:
            kind = "" if entry.key else ", ett kassaskåp"
            if entry.follows:
                kind += f", kommer igen efter {gone[entry.follows]} ({entry.follows}), vars nyckel är borta"
            if entry.passkeys:
                kind += f", med {_lock_keys(len(entry.passkeys))}"
            does = "Läses av" if is_shown else "Läggs till"
            yield f"{does}: {entry.name} ({entry.id}){kind}, vars ord är: {words}."
        elif entry.passkeys != before[entry.id].passkeys:
            was, now = set(before[entry.id].passkeys), set(entry.passkeys)
            changes = [f"får {_lock_keys(len(now - was))}"] * bool(now - was)
            changes += [f"blir av med {_lock_keys(len(was - now))}"] * bool(was - now)
            yield f"{entry.name} ({entry.id}) {' och '.join(changes)}, och orden är: {words}."
    for each in new.intake:
        if not old or each not in old.intake:
            words = " ".join(fingerprint.words(trust.sha256_of(requests.spell_intake(each))))
            key = f"en nyckel som inlämningen skriver under med ({each.key.id}), vars ord är: {words}."
            yield f"Har {key}" if is_shown else f"Läggs till: {key}"
    if new.says_more:
        yield "Den säger också något som det här programmet inte känner till. Fråga vad det är."


def _leaving(new: Keyring, old: Keyring) -> Iterator[str]:
    now = {entry.id for entry in new.entries}
    for entry in old.entries:
        if entry.id not in now:
            yield f"Tas bort: {entry.name} ({entry.id})."
    if now == {entry.id for entry in old.entries}:
        yield "Samma personer som förut."
    if new.signers != old.signers:
        yield "Undertecknarna är andra än förut."
    for each in old.intake:
        if each not in new.intake:
            yield f"Tas bort: inlämningens nyckel {each.key.id}."


def _lock_keys(count: int) -> str:
    """Passkeys, as those who log in by them call them."""
    return "en passkey" if count == 1 else f"{count} passkeys"


def _names(entries: Sequence[KeyringEntry]) -> str:
    return ", ".join(entry.name for entry in entries)
