"""What leaves this machine leaves it encrypted, to a machine that has shown who it is."""

import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

_HERE = frozenset({"", "localhost", "127.0.0.1", "::1", "[::1]"})
_PLAIN_ADDRESS = re.compile(r"\bhttp://(\[[^\]]*\]|[^/:\s\"]*)")


def refuse_plain_database(variable: str, database: Mapping[str, Any]) -> None:
    """Stops the start for a PostgreSQL elsewhere whose certificate is not looked at."""
    options = database.get("OPTIONS", {})
    hosts = f"{database.get('HOST', '')},{options.get('host', '')}".split(",")
    if not all(map(_is_here, hosts)) and options.get("sslmode") != "verify-full":
        sys.exit(
            f"{variable}: databasen ligger på en annan maskin. Lägg till ?sslmode=verify-full, och "
            "sslrootcert om certifikatet är er egen utfärdares."
        )


def refuse_plain_mail(variable: str, mail: Mapping[str, Any]) -> None:
    """Stops the start for a mail server elsewhere that is not spoken to by TLS."""
    encrypted = mail.get("EMAIL_USE_TLS") or mail.get("EMAIL_USE_SSL")
    if not _is_here(mail.get("EMAIL_HOST") or "") and not encrypted:
        sys.exit(
            f"{variable}: e-postservern ligger på en annan maskin. Skriv smtp+tls:// i stället."
        )


def refuse_plain_addresses(variables: Iterable[tuple[str, str]]) -> None:
    """Stops the start for an address of http:// elsewhere, in any of the variables."""
    for variable, value in variables:
        for host in _PLAIN_ADDRESS.findall(value):
            if not _is_here(host):
                sys.exit(f"{variable}: {host} ligger på en annan maskin. Skriv https:// i stället.")


def _is_here(host: str) -> bool:
    return host in _HERE or host.startswith("/")
