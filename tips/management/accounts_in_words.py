"""How the commands tell of accounts and logins that others than the desk's service have written."""

from tips.accounts.changed_beside import changed_accounts, changed_logins
from tips.accounts.secrets_file import NoKeyFile
from tips.models import Authenticator, Handler

from .console import legible

_BESIDE = "vid sidan av tipsmottagningen"


def changed_in_words() -> dict[str, str]:
    """The username of each account that something is wrong with, and what."""
    try:
        logins = {each.handler.username for each in changed_logins()}
        accounts = changed_accounts()
    except NoKeyFile:
        return {"": "Kontona kan inte prövas: tipsmottagningens nyckelfil går inte att läsa."}
    found = {name: f"En inloggning har skrivits {_BESIDE}: {legible(name)}" for name in logins}
    for each in accounts:
        what = f"Ett konto har ändrats {_BESIDE}" if each.seal else "Ett konto saknar sigill"
        found[each.username] = f"{what}: {legible(each.username)}, {_in_words(each)}"
    return found


def _in_words(handler: Handler) -> str:
    """What whoever knows the handlers can compare with."""
    factors = handler.authenticators.filter(kind__in=Authenticator.FACTORS).count()
    said = [
        legible(handler.name),
        f"gjort {handler.made_on}",
        f"av {legible(handler.enrolled_by)}" if handler.enrolled_by else "på servern",
        "har lösenord" if handler.password else "väntar på sin engångskod",
        f"nycklar och appar: {factors}",
    ]
    said += ["låst"] * handler.is_locked + ["stängt"] * (handler.closed_on is not None)
    return ", ".join(said)
