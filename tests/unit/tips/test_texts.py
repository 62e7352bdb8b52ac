"""What the texts of the tip channel promise, must say, and fall back on."""

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from tests.pace import cpu_seconds
from tests.tables import every_row
from tips import exchange
from tips.wording.leads import leads_in
from tips.wording.promises import promises_in
from tips.wording.texts import (
    BUILT_IN,
    KEYS,
    TEXT_FIELDS,
    built_in_to_edit,
    faults_in,
    shown_texts,
    texts_for,
)


def _lines(name: str) -> list[str]:
    """The texts in a file beside this one, a line each; \\uXXXX in it is that sign."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [
        re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), line)
        for line in lines
        if line and not line.startswith("#")
    ]


TIP_PAGES = tuple(BUILT_IN["sv"])
DAY = date(2026, 11, 26)

PROMISES = [
    # Wholly anonymous
    "Du är helt anonym",
    "Du kan tipsa helt anonymt.",
    "Du är helt och hållet anonym.",
    "fullständigt anonym",
    "Du är alltid anonym",
    "100 % anonym",
    "100% anonymt",
    "100 procent anonymt",
    "hundra procent anonymt",
    "hundraprocentigt anonymt",
    "Du är garanterat anonym",
    "Helt anonymt – vi kan inte se vem du är.",
    "Du förblir anonym.",
    "Så förblir du anonym",
    "Ditt tips är anonymt",
    "Vi skyddar din identitet",
    "You are completely anonymous",
    "Your tip is 100% anonymous.",
    "Our form is 100 per cent anonymous",
    "Send an entirely anonymous tip",
    "You will remain anonymous.",
    "You are always anonymous",
    "We protect your identity.",
    # Anonymous, without a word of how much
    "Du kan vara anonym.",
    "Du kan alltid vara anonym",
    "Du får vara anonym när du tipsar oss.",
    "Du har rätt att vara anonym.",
    "Hos oss kan du vara anonym.",
    "Här får man vara anonym",
    "Här är du anonym.",
    "Den som tipsar är anonym.",
    "Är du orolig kan du tipsa anonymt.",
    "Du kan tipsa anonymt.",
    "Det går att tipsa oss anonymt.",
    "Du kan kontakta oss anonymt.",
    "Tipsa anonymt",
    "Lämna ditt tips anonymt",
    "Skicka ett anonymt tips",
    "Formuläret är anonymt.",
    "Vårt formulär är anonymt.",
    "Tipsformuläret är alltid anonymt.",
    "Det här formuläret är anonymt",
    "Tjänsten är anonym",
    "Det är anonymt att tipsa.",
    "Att tipsa är anonymt.",
    "Välkommen till vårt anonyma tipsformulär.",
    "En anonym tipslinje",
    "You can be anonymous.",
    "You may remain anonymous",
    "You have the right to be anonymous.",
    "Here you can always be anonymous.",
    "You can leave a tip anonymously.",
    "Tip us anonymously",
    "It is possible to write to us anonymously.",
    "Send an anonymous tip.",
    "The form is anonymous.",
    "Our tip form is anonymous",
    "This service is always anonymous.",
    "It is anonymous to tip us.",
    "Use our anonymous form.",
    "An anonymous tip line",
    # Who you are
    "Vi kan inte se vem du är.",
    "Därför kan vi inte se vem du är.",
    "Vi kan aldrig ta reda på vem du är.",
    "Vi ser inte vem du är.",
    "Vi vet inte vem som har tipsat.",
    "Inte ens vi kan se vem du är.",
    "Det går inte att se vem du är.",
    "Det är omöjligt att ta reda på vem du är.",
    "Vi har ingen möjlighet att se vem du är.",
    "Ingen ser vem du är.",
    "Ingen vet vem du är",
    "We cannot see who you are.",
    "We can’t find out who you are",
    "We do not know who you are.",
    "We will never know who you are.",
    "We have no way of knowing who you are.",
    "There is no way to see who you are.",
    "It is impossible to find out who you are.",
    "Nobody can see who you are.",
    "Din identitet är skyddad.",
    "Din identitet är väl skyddad hos oss.",
    "Din identitet skyddas.",
    "Din identitet förblir hemlig",
    "Hos oss är din identitet skyddad.",
    "Ditt namn är hemligt.",
    "Ditt namn skyddas alltid.",
    "Your identity is protected.",
    "Your identity is always safe with us.",
    "Your identity will remain secret",
    "Your name is kept secret.",
    "Your name stays hidden.",
    # Tied to you
    "Inget kan knytas till dig.",
    "Ingenting kan kopplas till dig",
    "Inget du skriver kan knytas till dig.",
    "Inga uppgifter kan härledas till dig.",
    "Tipset kan inte knytas till dig.",
    "Det går inte att knyta tipset till dig.",
    "Ingen kan koppla ihop tipset med dig.",
    "Nothing can be linked to you.",
    "Nothing you write can be tied to you",
    "Nothing can be traced back to you.",
    "Your tip cannot be linked to you.",
    "The tip can never be connected to you",
    "Nobody can link the tip to you.",
    # Guaranteed and promised
    "Vi garanterar din anonymitet",
    "Vi garanterar att ingen får veta vem du är",
    "Anonymitet garanteras.",
    "Garanterad anonymitet",
    "Det är en garanti.",
    "Vi lovar att du är anonym",
    "Vi lovar dig anonymitet",
    "Vi kan lova att du är helt anonym",
    "Vi lovar att hålla ditt namn hemligt",
    "We guarantee your anonymity",
    "Anonymity is guaranteed.",
    "guaranteed anonymous",
    "We promise that you stay anonymous",
    "We promise you anonymity.",
    # Cannot be traced
    "Tipset kan inte spåras",
    "Ditt tips kan aldrig spåras till dig.",
    "Tipset går inte att spåra",
    "Det går inte att spåra dig",
    "Det går aldrig att spåra ett tips",
    "Ingen kan spåra dig",
    "Vi kan inte spåra dig.",
    "Inte ens vi kan spåra dig",
    "Tips spåras aldrig",
    "Du kan inte identifieras.",
    "Ospårbart tips",
    "Formuläret är ospårbart.",
    "Det är omöjligt att spåra dig",
    "Tipset är omöjligt att spåra",
    "Det är omöjligt för oss att spåra dig",
    "Formuläret lämnar inga spår.",
    "Your tip cannot be traced",
    "It can't be traced to you",
    "It can’t be traced to you",
    "untraceable",
    "It is impossible to trace you",
    "Nobody can trace you",
    "We leave no trace",
    # Nobody will know
    "Ingen får veta vem du är",
    "Ingen får veta det.",
    "Ingen kommer att få veta att du har tipsat",
    "Här får ingen reda på vem du är.",
    "Vi lämnar aldrig ut vem du är",
    "Vi avslöjar aldrig vem du är.",
    "Din identitet röjs aldrig",
    "Vi berättar inte vem som har tipsat.",
    "No one will ever know who you are",
    "Nobody will know.",
    "We will never reveal who you are",
    "We never share your name",
    # In other signs
    "Lämna ditt tips HELT ANONYMT",
    "helt\u00a0anonymt",
    "helt \t\u2009\u3000 anonymt",
    "helt\u202fanonymt",
    "helt\nanonymt",
    "helt a\u00adnonymt",
    "he\u200blt\u2060 anonymt",
    "h e l t a n o n y m t",
    "helt ”anonymt”",
    "(helt) *anonymt*",
    "ｈｅｌｔ ａｎｏｎｙｍｔ",
    "Tipset ga\u030ar inte att spa\u030ara",
    "fully anon\u00adymous",
    "FULLY\u3000ANONYMOUS",
    # A denial elsewhere excuses nothing
    "Vi sparar inte din adress, och du är helt anonym.",
    "Vi sparar inte din adress och du är helt anonym.",
    "Vi kan inte lova snabba svar, men du är helt anonym.",
    "Vi kan inte lova svar och du förblir anonym.",
    "Oroa dig inte, vi garanterar anonymitet.",
    "Vi kan inte lova något\nDu är helt anonym",
    "Vi kan inte lova svar\n\ndu är helt anonym",
    "Du är inte helt anonym på jobbet. Här är du helt anonym.",
    "Det är inte bara snabbt utan helt anonymt.",
    "Vi garanterar inte bara svar utan även anonymitet",
    "Det är inte svårt att vara helt anonym här.",
    "We cannot promise an answer, but you are fully anonymous.",
    "We do not store cookies and you will remain anonymous.",
    "Vi kan inte lova svar, men du kan vara anonym.",
    "Vi kan inte lova svar och formuläret är anonymt.",
    "Vi frågar inte, och du kan vara anonym.",
    "We cannot promise an answer and the form is anonymous.",
]

HONEST = [
    "Vi kan inte lova att du förblir anonym.",
    "vi kan inte lova att du förblir anonym",
    "Vi kan däremot inte lova att du förblir anonym",
    "Vi kan inte\u00a0lova\natt du förblir anonym",
    "Vi kan därför aldrig lova att du förblir helt anonym.",
    "Att du förblir anonym kan vi inte lova.",
    "Vi lovar inte att du är helt anonym.",
    "Vi kan tyvärr inte lova dig att du är anonym.",
    "Vi kan inte garantera att du är anonym",
    "Vi garanterar inte anonymitet.",
    "Anonymitet kan vi inte garantera.",
    "Ingen kan garantera att du är helt anonym",
    "Det finns ingen garanti för att du förblir anonym.",
    "Vi tar emot tips utan garanti för anonymitet.",
    "Du är inte helt anonym på nätet",
    "Inget tips är helt anonymt",
    "Räkna inte med att du är helt anonym",
    "Tro inte att du är helt anonym.",
    "Vi kan inte lova att tipset inte kan spåras",
    "Att tipset inte kan spåras kan vi inte lova",
    "Vi kan inte lova att ingen får veta vem du är.",
    "Vi kan inte lova att du förblir anonym eller att ingen får veta vem du är",
    "Du behöver inte säga vem du är.",
    "Om du vill vara anonym, skriv inte ditt namn.",
    "Om du är anonym för oss kan nätverket ändå se dig.",
    "Vill du vara anonym?",
    "Vi lovar att läsa ditt tips",
    "Ett tips kan spåras.",
    "Använd en enhet som ingen annan kommer åt",
    "Du kan lämna tips utan att säga vem du är",
    "Det går inte att spara formuläret",
    "Vi lämnar aldrig ut svar om pågående ärenden.",
    "Vi svarar inte på frågor om vem som har tipsat.",
    # Denied, doubted, asked or only thought of
    "Vi kan inte lova att du är anonym",
    "Vi kan inte lova att du kan vara anonym.",
    "Vi kan inte garantera att formuläret är anonymt.",
    "Vi kan inte garantera att din identitet är skyddad",
    "Vi kan inte lova att inget kan knytas till dig.",
    "Vi kan inte lova att vi inte kan se vem du är.",
    "Räkna inte med att formuläret är anonymt.",
    "Tipset är inte anonymt",
    "Tipset är aldrig anonymt.",
    "Du är inte anonym för den som sköter nätverket.",
    "Formuläret är inte anonymt.",
    "Det är inte anonymt att tipsa.",
    "Det här är inget anonymt formulär.",
    "Du kan inte vara anonym.",
    "Du kan inte tipsa anonymt.",
    "Det går inte att tipsa anonymt.",
    "Din identitet är inte skyddad.",
    "Din identitet är oftast skyddad av sekretess.",
    "Din identitet skyddas oftast av sekretess.",
    "Om din identitet är skyddad, ring oss i stället.",
    "Lever du med skyddad identitet, säg det när du ringer.",
    "Kan jag vara anonym?",
    "Kan du vara anonym?",
    "Är tipset anonymt?",
    "Är formuläret anonymt?",
    "Hur kan du vara anonym?",
    "Går det att tipsa anonymt?",
    "Kan man tipsa anonymt?",
    "Vill du tipsa anonymt?",
    "Om du tipsar anonymt kan vi inte ställa frågor.",
    "Den som tipsar anonymt får inget svar.",
    "Många vill tipsa anonymt.",
    "Vi läser även anonyma tips.",
    "Det är svårt att vara helt anonym på nätet.",
    "Läs om hur du kan vara mer anonym på nätet.",
    "Om vi inte vet vem du är kan vi inte ställa frågor.",
    "Vi kan inte alltid ta reda på vem som har tipsat.",
    "Det går inte alltid att se vem som har tipsat.",
    "Vi frågar inte vem du är.",
    "Vi behöver inte veta vem du är.",
    "Vi vet inte vem som ligger bakom attacken.",
    "Vi kan se vem du är om du skriver ditt namn.",
    "Nätverket kan se vem du är.",
    "Det du skriver kan knytas till dig.",
    "Adressen kopplas inte till tipset.",
    "Vi sparar inte din ip-adress tillsammans med tipset.",
    "Du behöver inte lämna uppgifter som kan kopplas till dig.",
    "Uppgifterna omfattas oftast av sekretess.",
    "We cannot promise that you can be anonymous.",
    "We cannot guarantee that the form is anonymous.",
    "We cannot guarantee that your identity is protected.",
    "We cannot promise that nothing can be linked to you.",
    "We cannot promise that we cannot see who you are.",
    "Do not assume that the form is anonymous.",
    "Your tip is not anonymous.",
    "You are never anonymous online.",
    "You're not anonymous to the network.",
    "The form is not anonymous.",
    "This is not an anonymous form.",
    "You cannot be anonymous.",
    "You cannot tip anonymously.",
    "It is not possible to tip anonymously.",
    "Your identity is not protected.",
    "Your identity is usually protected by secrecy.",
    "If your identity is protected, call us instead.",
    "Can I be anonymous?",
    "Is the form anonymous?",
    "Can you tip anonymously?",
    "Do you want to tip anonymously?",
    "If you tip anonymously we cannot ask you anything.",
    "Those who tip anonymously get no answer.",
    "We read anonymous tips too.",
    "It is hard to be completely anonymous online.",
    "If we do not know who you are, we cannot ask you anything.",
    "We cannot always find out who sent a tip.",
    "We do not ask who you are.",
    "We do not need to know who you are.",
    "What you write can be linked to you.",
    "Use a phone that is not connected to you.",
    "The address is not linked to the tip.",
    "We cannot promise that you will remain anonymous",
    "We can’t promise that you will remain anonymous.",
    "We can not guarantee anonymity",
    "We are unable to promise anonymity",
    "No one can guarantee that you are anonymous",
    "There is no guarantee that nobody will know.",
    "You are not completely anonymous online",
    "No tip is completely anonymous",
    "Do not assume that you are completely anonymous",
    "We cannot promise that your tip cannot be traced.",
    "If you are anonymous to us, the network may still see you.",
    "You do not have to say who you are",
    "We promise to read your tip",
    "Nobody else should read your phone.",
    "Never follow anyone.",
]


@pytest.fixture(autouse=True)
def _in_swedish() -> Iterator[None]:
    with translation.override("sv"):
        yield


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    """The folder that the website and the tip channel share."""
    settings.EXCHANGE_DIR = tmp_path / "exchange"
    return settings.EXCHANGE_DIR


def edited(language: str = "sv", **changed: str) -> dict[str, str]:
    return BUILT_IN[language] | changed


def of_editors(language: str = "sv", **changed: str) -> dict[str, str]:
    return built_in_to_edit(language) | changed


def approve(language: str, texts: dict[str, str]) -> None:
    exchange.write_approved(language, texts, DAY)


# What is promised


@every_row("phrase", PROMISES)
def test_what_nobody_may_promise_is_refused(phrase):
    assert promises_in(phrase)
    assert promises_in(f"Hej! Välkommen hit. {phrase}")


@every_row("phrase", HONEST)
def test_what_is_honest_is_let_through(phrase):
    assert promises_in(phrase) == []


@every_row("language", BUILT_IN)
def test_built_in_texts_promise_nothing_and_say_everything(language):
    assert faults_in(BUILT_IN[language], language) == []
    assert [promises_in(text) for text in BUILT_IN[language].values()] == [[]] * len(TIP_PAGES)


@every_row("language", BUILT_IN)
def test_built_in_texts_are_whole_and_leave_room_for_an_editor(language):
    assert tuple(BUILT_IN[language]) == TIP_PAGES
    assert set(KEYS) < set(TIP_PAGES)
    for field in TEXT_FIELDS:
        assert 0 < len(BUILT_IN[language][field.key]) < field.max_length, field.key


def test_editor_is_told_which_words_promise_too_much():
    faults = faults_in(edited(start_lead="Hos oss är du Helt\u00a0Anonym. Ring 112."), "sv")
    assert [fault.key for fault in faults] == ["start_lead"]
    assert "”anonym”" in faults[0].message
    assert "lovar mer än lagen tillåter" in faults[0].message


@every_row("key", KEYS)
def test_a_promise_is_found_in_every_text(key):
    assert key in {fault.key for fault in faults_in(edited(**{key: "Du är helt anonym"}), "sv")}


# What leads astray


@every_row("text", _lines("leading_texts.txt"))
def test_what_would_lead_a_tipster_astray_stops_the_text_and_is_shown_to_the_editor(text):
    faults = faults_in(edited(afterwards=f"Vi läser tipset. {text}"), "sv")
    assert {fault.key for fault in faults} == {"afterwards"}


@every_row("text", _lines("honest_texts.txt"))
def test_what_an_agency_writes_passes(text):
    assert faults_in(edited(afterwards=f"Vi läser tipset. {text}"), "sv") == []


@every_row(
    ("text", "piece"),
    [
        ("Gå till https://tips.example/ nu.", "https://tips.example/"),
        ("Ring 08-123 45 67 i dag.", "08-123 45 67"),
        ("Ring noll åtta ett två tre fyra.", "noll åtta ett två tre fyra"),
        ("Skriv till oss på Signal.", "Signal"),
        ("Gå till s\u0430kerhetspolisen.se.", "s\u0430kerhetspolisen"),
        ("Maila oss.", "maila"),
    ],
)
def test_editor_is_told_which_piece_and_what_may_stand_there(text, piece):
    (fault, *_more) = faults_in(edited(afterwards=text), "sv")
    assert f"”{piece}”" in fault.message
    assert "112, 114 14" in fault.message
    assert "sakerhetspolisen.se" in fault.message


def test_numbers_and_addresses_of_the_list_alone_pass(settings):
    assert leads_in("Ring 08-123 45 67 eller se tips.example.") == ["tips.example", "08-123 45 67"]
    settings.NUMBERS_FOR_TIPSTERS = ("08-123 45 67",)
    settings.ADDRESSES_FOR_TIPSTERS = ("tips.example",)
    assert leads_in("Ring 08-123 45 67 eller se tips.example.") == []
    assert leads_in("Ring 114 14 eller se polisen.se.") == ["polisen.se", "114 14"]


@every_row("sign", ["a", "a-", "1 ", ".", "a.", "@", ": ", "[", "ett ", "08-", "( "])
def test_a_text_of_any_signs_is_read_in_a_moment(sign):
    texts = edited(afterwards=(sign * 1500)[:1500])
    assert cpu_seconds(lambda: faults_in(texts, "sv")) < 5


@every_row("key", ["start_lead", "smuggled"])
def test_a_text_that_is_too_long_or_nobodys_is_not_even_read_through(key):
    texts = edited(anonymity="Du behöver inte säga vem du är.") | {key: "\n." * 12_000}
    assert faults_in(texts, "sv")
    assert cpu_seconds(lambda: faults_in(texts, "sv")) < 1


# What must be said


@every_row(
    ("language", "changed", "said"),
    [
        ("sv", {"anonymity": "Du behöver inte säga vem du är."}, "inte kan lova"),
        ("sv", {"official_document": "Tipset omfattas oftast av sekretess."}, "allmän handling"),
        ("sv", {"official_document": "Tipset blir inte en allmän handling."}, "allmän handling"),
        ("en", {"anonymity": "You do not have to say who you are."}, "inte kan lova"),
        ("en", {"official_document": "The tip is usually secret."}, "allmän handling"),
    ],
)
def test_texts_that_have_lost_a_fact_are_refused_where_it_belongs(language, changed, said):
    (fault,) = faults_in(edited(language, **changed), language)
    assert fault.key == next(iter(changed))
    assert said in fault.message


@every_row("language", BUILT_IN)
def test_whom_to_call_comes_with_the_release_and_no_editor_takes_it_away(language):
    said = texts_for(language)
    assert "112" in said["urgent"]
    assert "114 14" in said["police"]
    assert "10-568 70 00" in said["telephone"]
    assert not {"urgent", "police", "telephone"} & set(KEYS)


def test_a_fact_may_stand_in_any_of_the_texts():
    moved = edited(
        anonymity="Du behöver inte säga vem du är.", official_document="Sekretess gäller oftast.",
        afterwards="Tipset blir en allmän handling. Vi kan inte lova att du är anonym.",
    )  # fmt: skip
    assert faults_in(moved, "sv") == []


def test_a_fact_in_a_text_that_is_none_of_the_pages_is_lost():
    lost = edited(anonymity="Du behöver inte säga vem du är.")
    (fault,) = faults_in(lost | {"smuggled": BUILT_IN["sv"]["anonymity"]}, "sv")
    assert fault.key == "anonymity"


def test_a_text_is_neither_empty_nor_too_long():
    faults = faults_in(edited(start_lead=" \n", start_heading="å" * 81), "sv")
    assert [fault.key for fault in faults] == ["start_heading", "start_lead"]
    assert "80 tecken" in faults[0].message


@every_row("sign", ["<", ">", "\x00", "\r", "\u202e", "\u200b", "\ue000"])
def test_a_text_has_no_markup_and_nothing_that_a_handler_would_not_see(sign):
    faults = faults_in(edited(afterwards=f"Vi läser{sign} det."), "sv")
    assert [fault.key for fault in faults] == ["afterwards"]
    assert "inga osynliga tecken" in faults[0].message


def test_a_letter_with_its_accent_apart_is_refused_where_it_is_read_and_joined_where_it_is_saved():
    (fault,) = faults_in(edited(afterwards="Vi la\u0308ser det."), "sv")
    assert "varje bokstav som ett tecken" in fault.message


# What is shown


def test_texts_are_shown_once_a_handler_has_approved_them():
    texts = of_editors(start_heading="Läs det här först")
    exchange.write_texts("sv", texts)
    assert texts_for("sv") == BUILT_IN["sv"]
    approve("sv", texts)
    approve("en", of_editors("en", start_heading="Read this first"))
    assert texts_for("sv") == edited(start_heading="Läs det här först")
    assert texts_for("en")["start_heading"] == "Read this first"
    assert shown_texts("sv").approved_on == DAY


def test_what_editors_want_later_changes_nothing_that_is_shown():
    approve("sv", of_editors(start_heading="Godkänt"))
    exchange.write_texts("sv", of_editors(start_heading="Något annat"))
    assert texts_for("sv")["start_heading"] == "Godkänt"
    exchange.texts_file("sv").write_text("{")
    assert texts_for("sv")["start_heading"] == "Godkänt"
    exchange.texts_file("sv").unlink()
    assert texts_for("sv")["start_heading"] == "Godkänt"


def test_what_a_handler_approves_is_shown_at_once():
    for heading in ("Ett", "Två", "Tre"):
        approve("sv", of_editors(start_heading=heading))
        assert texts_for("sv")["start_heading"] == heading
    approve("sv", {})
    assert texts_for("sv") == BUILT_IN["sv"]
    assert shown_texts("sv").approved_on is None


@every_row("key", sorted(set(BUILT_IN["sv"]) - set(KEYS)))
def test_what_tells_a_tipster_what_to_do_comes_with_the_release_alone(key):
    approve("sv", of_editors(start_heading="Med mera", **{key: "Ring det här numret."}))
    assert texts_for("sv") == BUILT_IN["sv"]


def test_a_language_without_texts_is_swedish():
    assert texts_for("fi") == BUILT_IN["sv"]


def test_shown_texts_can_be_changed_without_changing_the_built_in_ones():
    texts_for("sv")["urgent"] = "Borta"
    approve("sv", of_editors(start_heading="Nytt"))
    texts_for("sv")["urgent"] = "Borta"
    assert "112" in texts_for("sv")["urgent"]


def _approved(language: str = "sv", **changed: object) -> bytes:
    texts = of_editors("sv", start_heading="Nytt")
    content = {
        "format": exchange.APPROVED_FORMAT,
        "approved_on": "2026-11-26",
        "language": language,
        "digest": exchange.digest_of_texts(language, texts),
        "texts": texts,
    }
    return json.dumps(content | changed).encode()


def _with_its_digest(**changed: str) -> bytes:
    texts = of_editors("sv", start_heading="Nytt") | changed
    return _approved(texts=texts, digest=exchange.digest_of_texts("sv", texts))


@every_row(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        _approved(format="sapo-tip-texts/2"),
        _approved(format="sapo-tip-texts/1"),
        _approved(texts=None),
        _approved(texts=[]),
        _approved(texts={"start_heading": 112}),
        _approved(texts={"start_heading": "112 \ud800"}),
        _approved(texts={"\ud800": "112"}),
        _approved(approved_on="i går"),
        _approved(approved_on=20261126),
        _approved(digest=""),
        _approved(digest=None),
        # Approved for another language, or for other words.
        _approved(language="en"),
        _approved(texts=of_editors(start_heading="Något annat")),
        # Refused by the check, though the digest is right.
        _with_its_digest(start_lead="Du är helt anonym."),
        _with_its_digest(anonymity="Du behöver inte säga vem du är."),
        _with_its_digest(afterwards="Läs <b>mer</b>."),
        _with_its_digest(start_heading="Vidare" * 50),
        _with_its_digest(start_heading=" "),
        _with_its_digest(x="y"),
        _with_its_digest(afterwards="y" * 2**20),
    ],
)
def test_a_broken_or_refused_file_gives_the_releases_texts(content):
    path = exchange.approved_file("sv")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_approved())
    assert texts_for("sv")["start_heading"] == "Nytt"
    path.write_bytes(content)
    assert texts_for("sv") == BUILT_IN["sv"]


def test_a_folder_a_link_or_a_pipe_in_place_of_the_file_gives_the_releases_texts():
    path = exchange.approved_file("sv")
    path.mkdir(parents=True)
    assert texts_for("sv") == BUILT_IN["sv"]
    path.rmdir()
    elsewhere = path.with_name("elsewhere")
    elsewhere.write_bytes(_approved())
    path.symlink_to(elsewhere)
    assert texts_for("sv") == BUILT_IN["sv"]
    path.unlink()
    os.mkfifo(path)
    assert texts_for("sv") == BUILT_IN["sv"]


def test_a_language_is_no_way_to_other_files():
    assert texts_for("../../secret") == BUILT_IN["sv"]
    with pytest.raises(ValueError, match="language"):
        exchange.write_texts("../sv", {})
