"""Addresses that only those inside can reach, and that tell others how it looks there."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .checked_content import Content
from .findings import ContentCheck, Finding

_ENDINGS = " corp home internal intern internt intra intranet intranät intranat lan local lokal "
_NAMES = " insidan intern internal internt intra intranet intranät intranat "
_PUBLIC = " com eu info net nu org se "
_FILES = re.compile(
    r"""
      (?<![\w])[A-Za-z]:[ ]?\\[^\s"<>|”]*
    | (?<![\w:/])[A-Z]:/(?!/)[^\s"<>|”]+
    | \b(?:mapp|enhet|disk|katalog)(?:en)?[ ][A-Z]:(?!\w)
    | (?<=\bpå[ ])[D-Z]:(?=[.,;)]|\s*$)
    | (?<![\w:/])//[\w-]+/[^\s"<>|”]+
    | (?<![\w\\])\\{1,2}[\w.$-]+\\[^\s"<>|”]*
    | \b[A-ZÅÄÖ]{2,12}\\[\w.-]+
    | \b(?i:file|smb|nfs|cifs|ldap|onenote):/[^\s"<>”]+
    # Not those that every router at home has.
    | (?<![\d.])(?!192\.168\.[01]\.(?:1|254)(?!\d))(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})
      (?![\d]|\.\d)
    """,
    re.VERBOSE,
)
_HOSTS = re.compile(
    r"""
      (?P<mail>[\w.+-]{1,64}[ ]?(?:@|[(\[](?:at|snabel-?a)[)\]])[ ]?(?P<at>[\w.-]{1,200}))
    | (?P<url>\b(?:https?|ftps?|sftp|wss?)://(?:[^\s/@]{1,80}@)?(?P<host>[\w.-]{1,200})(?::\d+)?[^\s"<>”]*)
    | (?<![\w@/.-])(?P<bare>(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,12})(?![\w@-])(?:/[^\s"<>”]*)?
    """,
    re.VERBOSE,
)


class InsideAddresses(ContentCheck):
    name = "inside_address"
    title = _("Internal address")
    why = _("“%(words)s” can be reached from the inside alone.")
    fix = _("Take it out, or give an address that readers can reach.")

    def find(self, content: Content) -> Iterator[Finding]:
        for passage in content.passages:
            for words in inside_addresses_in(passage.words):
                yield self.finding(passage.spot, words=words)


def inside_addresses_in(text: str) -> Iterator[str]:
    """Each as it is written: of files, of servers, of mail."""
    for match in _FILES.finditer(text):
        yield match[0].rstrip(".,;:)")
    for match in _HOSTS.finditer(text):
        if _is_inside(match):
            yield match[0].rstrip(".,;:)")


def _is_inside(match: re.Match[str]) -> bool:
    host = match["at"] or match["host"] or match["bare"]
    labels = host.lower().strip(".-").split(".")
    if f" {labels[-1]} " in _ENDINGS:
        # Of a word after a full stop without a space, such as "slut.Intern", nothing is an address.
        return not match["bare"] or host == host.lower()
    if match["bare"] or match["host"]:
        is_alone = len(labels) == 1 and bool(match["host"])
        is_short = len(labels) == 2 and f" {labels[1]} " not in _PUBLIC
        return is_alone or any(_is_a_name(each) for each in labels[: -1 if is_short else -2])
    return any(_is_a_name(each) for each in labels[:-1])


def _is_a_name(label: str) -> bool:
    return any(f" {part} " in _NAMES for part in label.split("-")) or label.startswith("intranet")
