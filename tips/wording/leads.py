"""What in a text could lead a tipster elsewhere: addresses, numbers, other services, other letters.

All that looks like one stops, but for those on a list (`sapo_site/settings/phone.py`). It is looked for
as it reads: in full-width or other digits, in words, with odd signs between, with parts apart.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.conf import settings

from .sentences import plain

# Written with a dot, and no address.
_ABBREVIATIONS = re.compile(
    r"t\.ex|bl\.a|m\.m|m\.fl|o\.s\.v|d\.v\.s|s\.k|f\.d|p\.g\.a|e\.d|o\.d|fr\.o\.m|t\.o\.m|i\.e|e\.g|[ap]\.m"
)
# Signs that read as a dot or a hyphen.
_LIKE = str.maketrans({**dict.fromkeys("․。｡·•∙‧・", "."), **dict.fromkeys("‐‑‒–—―−﹣", "-")})
_ENDS = (
    "(?:com|org|net|se|nu|eu|io|me|info|onion|app|chat|ch|ru|su|uk|dk|fi|is|cc|co|li|pm|tv|xyz"
    "|site|online|link|biz|top|club|email|world|ly|gg|im|to)"
)
_DOT = "(?:punkt|prick|dot|point)"
_ADDRESSES = re.compile(
    # As it is typed, with or without "https://" and what stands after the name.
    r"[\w.+-]*@[\w.@-]*|\w+://\S*|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?:/\S*)?"
    # With its signs in words, in brackets, apart from it or exchanged.
    rf"|[\w-]+\W{{1,4}}{_DOT}\W{{1,4}}{_ENDS}\b|[\w-]+{_DOT}(?:com|se|org|net|onion)\b"
    rf"|[\w-]+ ?[\[({{]\W{{0,3}}(?:\.|@|{_DOT}|at)\W{{0,3}}[\])}}] ?[\w-]+|\w+[\[(]a[\])]\w+|\w+ [.@] ?\w[\w.]*"
    rf"|(?:[\w-]+\W{{1,3}})?\b(?:snabel-?a|alfakrull)\b(?:\W{{1,3}}[\w-]+)?|\b[\w-]+[,;:_*|]{_ENDS}\b"
    # A key, a hidden service, or the name of an account.
    r"|\b(?=[a-z]*\d)(?!\d+\b)\w{16,}\b|\b[a-z2-7]{56}\b"
)
_OURS = re.compile(r"(?:https://)?(?:www\.)?([a-z0-9.-]+?)(?:/[a-z0-9/-]*)?")

# Other ways in. Some are common words but for their capital.
_SERVICES = re.compile(
    r"(?i:\b(?:telegram|whatsapp|threema|wickr|viber|snapchat|messenger|discord|skype|wechat|weibo"
    r"|proton ?mail|tutanota|gmail|hotmail|outlook|yahoo|icloud|gmx|securedrop|globaleaks|wikileaks"
    r"|jabber|xmpp|icq|facebook|instagram|twitter|tiktok|linkedin|reddit|signal-?(?:app|nummer)\w*"
    r"|(?:via|over) signal|qr[ -]?(?:kod|code)\w*|swish\w*|bankid)\b)"
    r"|\b(?:Signal|SIGNAL|Session|Element|Matrix|Briar|Wire)\b(?! (?:till|om|från|to|that|from)\b)"
)
# Asks somebody to write elsewhere, or to say who they are, unless the same clause says not to.
_REQUESTS = re.compile(
    r"\b(?:mejla|maila|e-?posta|sms:?a|messa|[pd]m:?a|faxa|(?:e-?mail|text|message|dm) us"
    r"|nya? (?:tips)?(?:linje|nummer|adress)\w*|new (?:tip ?line|number|address)"
    r"|personnummer|personal (?:identity )?number|social security|legitimera|logga in|log in"
    r"|(?:måste|ska|must|have to) (?:ange|uppge|lämna|skriva|state|give|leave) (?:\w+ )?"
    r"(?:namn|name|telefon\w*|phone|adress|address))\b"
)
_NOT = re.compile(r"\b(?:inte|aldrig|inga|ingen|not|never|no|\w+n't)\b")

_UNITS = (
    "noll|nolla|ett|en|etta|två|tvåa|tre|trea|fyra|fem|femma|sex|sexa|sju|sjua|åtta|nio|nia|tio"
    "|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten"
)
_TENS = (
    "tjugo|trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_DIGIT = rf"(?:(?:{_TENS})[\s-]?(?:{_UNITS})?|{_UNITS}|dubbel|double|hundra|hundred)"
_IN_WORDS = re.compile(rf"\b(?:(?:{_DIGIT}|\d{{1,4}})[\s,./-]+){{3,}}(?:{_DIGIT}|\d{{1,4}})\b")
_DIALLED = re.compile(
    r"\b(?:ring\w*|slå|nummer|numret|tel\w*|tfn|sms\w*|call|phone|dial|number)\W{1,3}(?:\w+ )?$"
)

_RUN = re.compile(r"\+?\(?\d(?:[\s()/.,:;+*_|~-]{0,4}\d)*")
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = rf"{_YEAR}-[01]\d-[0-3]\d"
_TIME = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_HOURS = rf"{_TIME}(?: ?- ?{_TIME})?|\d{{1,2}} ?- ?\d{{1,2}}"
_NEXT = r"(?:[.,\s]{1,3}[1-9]\d?)?"
# Numbers that dial nobody: years, laws and cases, days and hours, round sums, lists of few.
_HARMLESS = re.compile(
    rf"(?:{_YEAR}(?:(?:, |[-/]){_YEAR})*(?:[ ,:]+{_YEAR}:\d{{1,4}})?|{_YEAR}[/-]\d{{1,6}}(?::\d{{1,4}})?"
    rf"|\(?{_YEAR}:\d{{1,4}}(?:\)?[, (]+{_YEAR}:\d{{1,4}})*|{_DAY} ?- ?{_DAY}"
    rf"|(?:{_DAY}|{_YEAR})?[, ]*(?:{_HOURS})|{_DAY}|{_TIME}(?:, {_TIME})+"
    r"|[1-9]\d{0,2}(?: \d{3})*00(?: ?- ?[1-9]\d{0,2}(?: \d{3})*00)?|[1-9]\d{0,2}(?: \d00)+"
    rf"|[1-9]\d?(?:, [1-9]\d?)+(?: ?- ?[1-9]\d?)?){_NEXT}"
)
_WHEN = re.compile(rf"(?:{_DAY}|{_HOURS}){_NEXT}")
_SUM = re.compile(
    r"[1-9]\d{0,2}(?: ?\d{3})* (?:tips|personer|tecken|kronor|ord|ärenden|anmälningar|sidor|dagar"
    r"|timmar|invånare|medarbetare|anställda|gånger|people|characters|words|cases|reports|days|hours"
    r"|employees)\b"
)
_PARAGRAPH = re.compile(r"(?!0)[\d, -]+ ?(?:[a-h] )?(?:§|(?:kap|st|mom|p)\b)")
# A number that is dialled may have three of them.
MOST_DIGITS, MOST_DIALLED = 4, 2


def leads_in(text: str) -> list[str]:
    """The pieces of a text that could lead a tipster elsewhere, as a reader sees them."""
    read = re.sub(r"[^\S\n]+", " ", plain(text).translate(_LIKE))
    found = (
        *_other_letters(text), *_addresses(read), *_services(text), *_requests(read),
        *_numbers(read),
    )  # fmt: skip
    return list(dict.fromkeys(piece.strip() for piece in found))


def _other_letters(text: str) -> Iterator[str]:
    """Words with a letter or digit that only looks like one of ours."""
    for word in re.findall(r"\w+|\S", unicodedata.normalize("NFC", text)):
        if any(_is_other(sign) for sign in word):
            yield word


def _is_other(sign: str) -> bool:
    kind = unicodedata.category(sign)
    if kind[0] == "L":
        return not unicodedata.name(sign, "").startswith("LATIN") or sign in "ıɑɡſ"
    if kind[0] == "N":
        return not sign.isascii() and sign not in "½¼¾²³"
    # Marks that stand on no letter of ours, enclosed letters, and what is blank without being a space.
    return kind[0] == "M" or sign == "\u2800" or (kind == "So" and _plain_sign(sign).isalnum())


def _plain_sign(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign)


def _addresses(read: str) -> Iterator[str]:
    for found in _ADDRESSES.finditer(read):
        piece = found[0].strip(" .,;:!?()[]\"'\n")
        if not _ABBREVIATIONS.fullmatch(piece) and not _is_our_address(piece):
            yield piece or found[0]


def _is_our_address(piece: str) -> bool:
    ours = _OURS.fullmatch(piece)
    return ours is not None and ours[1] in settings.ADDRESSES_FOR_TIPSTERS


def _services(text: str) -> Iterator[str]:
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    yield from (found[0] for found in _SERVICES.finditer(unicodedata.normalize("NFKC", seen)))


def _requests(read: str) -> Iterator[str]:
    for clause in re.split(r"[.,;!?\n]|:(?!a\b)|\b(?:men|utan(?! att)|but)\b", read):
        for found in _REQUESTS.finditer(clause):
            follows = re.search(r"\b(?:och|and) $", clause[: found.start()])
            if follows or not _NOT.search(clause):
                yield found[0]


def _numbers(read: str) -> Iterator[str]:
    for found in _IN_WORDS.finditer(read):
        if len(re.findall(_DIGIT, found[0])) > 1:
            yield found[0]
    read = _our_numbers().sub("¤", read)
    for found in _RUN.finditer(read):
        is_dialled = _DIALLED.search(read, 0, found.start())
        if len(re.sub(r"\D", "", found[0])) <= (MOST_DIALLED if is_dialled else MOST_DIGITS):
            continue
        if _SUM.match(read, found.start()) or _PARAGRAPH.match(read, found.start()):
            continue
        if not (_WHEN if is_dialled else _HARMLESS).fullmatch(found[0]):
            yield found[0]


def _our_numbers() -> re.Pattern[str]:
    """Our numbers as they are written, where they are no part of another."""
    ours = "|".join(settings.NUMBERS_FOR_TIPSTERS).replace("+", "[+]")
    ours = re.sub("[ -](?![^[]*])", "[ -]?", ours)
    return re.compile(rf"(?<![\d+])(?<!\d[ ./-])(?:{ours})(?![ ./-]?\d)")
