"""What no text of the channel may promise, and what a text must say: lists of words, no grammar.

A tip becomes an official document; who sent it may have to be found out. So the words below stop a
text, unless the clause that they stand in denies, doubts or asks: "vi kan inte lova att du förblir
anonym". Whoever is stopped for nothing says it in other words, and whoever wants to lead astray finds
words that do not stand here: that is what the two who confirm, and the handler who approves, are for.
"""

import re
from collections.abc import Iterable, Iterator

from .sentences import Clause, clauses_in


def _any_of(phrases: str) -> re.Pattern[str]:
    """Phrases with commas between them; `*` is the rest of a word, `_` up to four words."""
    found = "|".join(re.escape(" ".join(phrase.split())) for phrase in phrases.split(","))
    found = found.replace(r"\*", r"\w*").replace(r"\ _\ ", r" (?:[\w'-]+ ){0,4}")
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)")


# Promises as they stand.
SAID = _any_of("""
    *anonym*, ospårba*, spårlös*, untracea*, osynlig*, garanti, garantin, garanter*, guarante*,
    100% *, 100 % *, 100 procent*, hundra procent*, hundraprocent*, 100 per cent, hundred per cent,
    identitet _ skydda*, identitet _ hemlig*, identitet _ säker, identitet _ trygg,
    skyddar _ identitet, bevarar _ identitet, identity _ protected, identity _ secret,
    identity _ safe, protect _ identity, ditt namn _ hemlig*, ditt namn _ skydda*, your name _ secret, your name _ hidden, your name _ protected,
    vi skyddar dig, skyddar vi dig, skyddar alltid, skyddar alla som tipsar, we protect you,
    keep you safe, helt säker, helt säkert, alltid säkert, säkert att tipsa, säkert att skriva,
    säkert att lämna, säkert att skicka, tryggt att tipsa, tips _ säkert, tipset _ säkert,
    formuläret _ säkert, formuläret _ tryggt, kanalen _ säker, säker kanal, säkert formulär,
    completely safe, completely secure, safe to tip, safe to leave, form _ safe, form _ secure,
    tip _ safe, secure channel, krypterat hela vägen, krypterad hela vägen, krypteras hela vägen,
    krypterat från din, totalsträckskrypt*, end to end, end-to-end,
    encrypted all the way, riskfritt, utan risk, risk-free, without risk
""")
# Promises where the clause says no, nobody or never.
DENIED = _any_of("""
    spåra, spåras, spårar, inga spår, inga _ spår, trace, traces, traced, track, tracked, track you,
    identifieras, identifiera dig, identifiera tipsaren, be identified, identify you,
    knyt* _ till dig, kopplas till dig, koppla _ med dig, härledas till dig, bindas till dig, linked to you, linked back to you, link _ to you, tied to you, connected to you,
    se vem du är, se vem ni är, ser vem du är, veta vem du är, vet vem du är, reda på vem du är,
    avgöra vem du är, se vem som *, vet _ vem som har tipsat, ser _ vem du är, see who you are,
    know who you are, knowing who you are, know who sent, find out who you are, tell who you are,
    ingen _ veta, ingen vet vem, ingen _ reda på, ingen _ ser vem, nobody _ know, no one _ know,
    no one _ find out, vi avslöjar, avslöjar vi, avslöjas, röjs, vi röjer, ut vem du är,
    ut ditt namn, namn kommer aldrig ut, vi berättar _ vem, we _ reveal, we _ disclose,
    be revealed, be disclosed, we _ share your, ingen risk, inga risker, no risk
""")

# What in the same clause takes a promise back, doubts it or asks.
DOUBTS = _any_of("""
    inte, icke, ej, aldrig, ingen, inga, inget, varken, knappast, om, ifall, vill, svårt, svårare,
    oftast, ofta, not, cannot, never, no, nor, nobody, unable, if, whether, want, hard, difficult,
    usually, often, *n't
""")
NO = _any_of("""
    inte, ej, aldrig, ingen, inga, inget, ingenting, omöjligt, omöjligen, not, cannot, never, no,
    no one, nobody, nothing, impossible, *n't
""")
NO_PROMISE = _any_of("""
    inte _ lova, aldrig _ lova, lovar _ inte, inte _ garantera, garanterar _ inte, ingen _ garant*,
    räkna inte med, tro inte, not _ promise, cannot _ promise, cannot _ guarantee, can't promise,
    can't guarantee, not _ guarantee, unable to promise, no _ guarantee, not assume, om, if
""")
# "Not" that denies nothing of a promise, in either list.
NOT_SO = _any_of("inte svårt, inte bara, inte enbart, not only, not just, not hard")
ASIDE = _any_of("""
    behöver inte, inte alltid, not always, cannot always, need not, do not need, do not have to,
    don't have to, that is not, som inte, utan garanti för anonymitet, anonyma tips, anonymous tips
""")

# What every tipster must be told; the telephone numbers come with the release.
FACTS = {
    "anonymity": {
        "sv": _any_of("""
            inte _ lova _ anonym*, inte _ lova _ _ anonym*, inte _ garantera _ anonym*,
            anonym* _ inte lova
        """),
        "en": _any_of("""
            not _ promise _ anonym*, cannot promise _ anonym*, can't promise _ anonym*,
            cannot guarantee _ anonym*
        """),
    },
    "official document": {
        "sv": _any_of("allmän handling, allmänna handlingar"),
        "en": _any_of("official document, official documents, public record"),
    },
}


def promises_in(text: str) -> list[str]:
    """The words in a text that promise what nobody may promise, as a reader sees them."""
    return [found for clause in clauses_in(text) for found in _promised(clause)]


def _promised(clause: Clause) -> Iterator[str]:
    words = ASIDE.sub(" ", clause.words)
    for found in SAID.finditer(words):
        if not (clause.is_asked or DOUBTS.search(NOT_SO.sub(" ", clause.words))):
            yield found[0].strip()
    denied = None if NO_PROMISE.search(words) else NO.search(words) and DENIED.search(words)
    if denied:
        yield denied[0].strip()


def says(fact: str, texts: Iterable[str], language: str) -> bool:
    """Whether a text says what every tipster must be told, in a language whose words we know."""
    phrases = FACTS[fact].get(language)
    return phrases is None or any(
        phrases.search(clause.words) and (fact == "anonymity" or not NO.search(clause.words))
        for text in texts
        for clause in clauses_in(text)
    )
