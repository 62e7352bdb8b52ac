"""The form and its answers as they are written: labels, hints, faults, and no trace in browsers."""

import gzip
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from sapo_site.building.static_storage import flatten_imports
from tips.form import limits
from tips.opener import build
from tips.questions import QUESTIONS
from tips.wording.texts import BUILT_IN

from .sending import FORM, TEXT, ripe_token, send

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

ENGLISH = "/en/tipsa/formular/utan-skript/skriv/"
CONTROLS = ["input", "textarea", "select", "button"]
ASKED = {
    "text": "Vad vill du berätta? (måste fyllas i)", "when": "När hände det?",
    "where": "Var hände det?", "people": "Personer, fordon eller konton",
    "urgent": "Ja, någon behöver läsa det här snart", "contact": "Hur kan vi nå dig?",
    "website": "Lämna tomt", "files": "Filer",
}  # fmt: skip
GROUPS = ["Vad gäller det?", "Hur vet du det?", "Är det bråttom?"]
MUCH = "Å" * (limits.MAX_FIELD_LENGTH + 1)


def soup_of(response: object) -> BeautifulSoup:
    return BeautifulSoup(response.content.decode(), "html.parser")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def label_of(soup: BeautifulSoup, control: Tag) -> str:
    (label,) = soup.find_all("label", attrs={"for": control["id"]})
    return words(label)


def described(soup: BeautifulSoup, control: Tag) -> str:
    ids = control.get("aria-describedby", "").split()
    return " ".join(words(soup.find(id=each)) for each in ids)


def empty(client: object, tip_channel: object) -> object:
    return client.get(FORM)


def english(client: object, tip_channel: object) -> object:
    return client.get(ENGLISH)


def faulty(client: object, tip_channel: object) -> object:
    return send(client, {"text": "", "when": MUCH, "where": MUCH, "people": MUCH, "contact": MUCH,
                         "subject": "x", "how_known": "x", "website": "http://spam.example"},
                [("a.txt", "text/plain", b"a")])  # fmt: skip


def spent(client: object, tip_channel: object) -> object:
    token = ripe_token()
    send(client, {"token": token})
    return send(client, {"token": token, "text": "Något annat."})


def closed(client: object, tip_channel: object) -> object:
    tip_channel.keyring_path.unlink()
    return send(client, {"when": "i går", "subject": "hot", "urgent": "1"})


@pytest.fixture
def soups(client: object, tip_channel: object) -> dict[str, BeautifulSoup]:
    """The form, in each state in which a tipster can meet it; the last one closes it."""
    states = (empty, english, faulty, spent, closed)
    return {state.__name__: soup_of(state(client, tip_channel)) for state in states}


# In every state


def test_every_page_leads_to_what_it_keeps_and_whom_it_shuts_out(soups, subtests):
    for state, soup in soups.items():
        with subtests.test(state=state):
            links = {link.get_text(): link["href"] for link in soup.footer.find_all("a")}
            language = soup.html["lang"]
            named = {"sv": ("Personuppgifter", "Tillgänglighetsredogörelse"),
                     "en": ("Personal data", "Accessibility statement")}[language]  # fmt: skip
            pages = settings.PAGES_ABOUT
            assert links[named[0]] == pages["personal data", language]
            assert links[named[1]] == pages["accessibility", language]


def test_no_control_lets_the_browser_remember_or_send_on_what_is_typed(soups, subtests):
    for state, soup in soups.items():
        with subtests.test(state=state):
            assert soup.form["autocomplete"] == "off"
            controls = soup.form.find_all(CONTROLS)
            assert len(controls) > 15
            for control in controls:
                # HTML allows the word only where something is typed; for the rest the form has said it.
                is_typed_into = control.name == "textarea" or control.get("type") == "text"
                if control.get("type") != "password":
                    assert control.get("autocomplete") == ("off" if is_typed_into else None), (
                        control
                    )
                if is_typed_into:
                    if control["name"] == "website":
                        continue
                    assert control["spellcheck"] == "false", control
                    assert control["writingsuggestions"] == "false", control
                    assert control["translate"] == "no", control


def test_form_has_a_password_that_nobody_meets_so_that_chromium_keeps_nothing_of_it(
    soups, subtests
):
    """What it does: tests/browser/test_profile.py. Without a name it is not sent."""
    for state, soup in soups.items():
        with subtests.test(state=state):
            (password,) = soup.form.find_all("input", type="password")
            assert password.attrs == {
                "type": "password", "value": "-", "autocomplete": "one-time-code", "hidden": "",
            }  # fmt: skip


def test_every_control_has_one_label_and_no_placeholder(soups, subtests):
    for state, soup in soups.items():
        with subtests.test(state=state):
            for control in soup.form.find_all(CONTROLS, hidden=False):
                if control.name != "button" and control.get("type") != "hidden":
                    assert label_of(soup, control)
                assert not control.get("placeholder")
            for group in soup.form.find_all("fieldset"):
                assert words(group.legend)


def test_every_id_is_there_once_and_everything_that_is_pointed_to_exists(soups, subtests):
    for state, soup in soups.items():
        with subtests.test(state=state):
            ids = [tag["id"] for tag in soup.find_all(id=True)]
            assert len(ids) == len(set(ids))
            pointed = [
                each
                for name in ("for", "aria-describedby", "aria-labelledby")
                for tag in soup.find_all(attrs={name: True})
                for each in tag[name].split()
            ]
            pointed += [
                link["href"][1:] for link in soup.find_all("a", href=True) if link["href"][0] == "#"
            ]
            assert pointed
            assert set(pointed) <= set(ids)


def test_token_and_text_come_before_the_files_that_come_last(soups, subtests):
    for state, soup in soups.items():
        with subtests.test(state=state):
            names = list(
                dict.fromkeys(
                    control["name"]
                    for control in soup.form.find_all(CONTROLS[:3], attrs={"name": True})
                )
            )
            assert names == ["token", *(each.name for each in QUESTIONS), "website", "files"]
            assert soup.form["enctype"] == "multipart/form-data"
            assert soup.form["method"] == "post"


def test_title_says_little_to_the_history_of_the_browser(soups, subtests):
    for state, soup in soups.items():
        with subtests.test(state=state):
            title = soup.title.get_text()
            assert title.removeprefix("Fel: ").removeprefix("Error: ").startswith("Form")
            assert "tip" not in title.lower()


def test_honeypot_is_empty_and_no_stop_for_the_keyboard(soups, subtests):
    for state, soup in soups.items():
        with subtests.test(state=state):
            trap = soup.find("input", attrs={"name": "website"})
            assert not trap.get("value")
            assert trap["tabindex"] == "-1"
            assert label_of(soup, trap) in ("Lämna tomt", "Leave empty")
            assert not trap.find_parent(hidden=True)
            assert not trap.find_parent(attrs={"aria-hidden": True})


# Empty


def test_form_asks_in_plain_swedish(client, tip_channel):
    soup = soup_of(empty(client, tip_channel))
    for name, label in ASKED.items():
        assert label_of(soup, soup.find(attrs={"name": name})) == label
    assert [words(legend) for legend in soup.find_all("legend")] == GROUPS
    subjects = soup.find_all("input", attrs={"name": "subject"})
    assert [label_of(soup, each) for each in subjects][:2] == [
        "Spioneri eller främmande makt", "Terrorism eller våldsam extremism",
    ]  # fmt: skip
    assert label_of(soup, subjects[-1]) == "Jag vet inte"


def test_only_one_field_is_required(client, tip_channel):
    soup = soup_of(empty(client, tip_channel))
    assert [control["name"] for control in soup.find_all(required=True)] == ["text"]


def test_form_says_what_files_may_be_and_what_they_reveal(client, tip_channel):
    soup = soup_of(empty(client, tip_channel))
    said = described(soup, soup.find(attrs={"name": "files"}))
    assert "Högst 10 filer. Varje fil får vara 25 MB och alla tillsammans 60 MB." in said
    assert "plats, tid och telefonmodell" in said


def test_form_sends_the_urgent_to_112(client, tip_channel):
    soup = soup_of(empty(client, tip_channel))
    group = soup.find(attrs={"name": "urgent"}).find_parent("fieldset")
    assert described(soup, group).startswith("Ring 112 om någon är i fara")
    assert len(soup.main.find_all("a", href="tel:112")) == 2


def test_hints_stand_at_the_fields_and_come_with_the_release(client, tip_channel):
    soup = soup_of(empty(client, tip_channel))
    hint = described(soup, soup.find(attrs={"name": "contact"}))
    assert hint == BUILT_IN["sv"]["contact_hint"]


def test_language_can_be_changed_as_long_as_nothing_has_been_sent(client, tip_channel):
    assert soup_of(empty(client, tip_channel)).find("nav").a["href"] == ENGLISH
    assert soup_of(english(client, tip_channel)).find("nav").a["href"] == FORM
    for state in (faulty, spent, closed):
        assert not soup_of(state(client, tip_channel)).find("nav")


# With faults


def test_faults_are_summed_up_first_and_take_the_focus(client, tip_channel):
    soup = soup_of(faulty(client, tip_channel))
    summary = soup.main.find(attrs={"autofocus": True})
    assert summary["tabindex"] == "-1"
    assert words(summary.h2) == "Tipset är inte skickat än"
    assert soup.h1 in summary.find_all_next()
    first = summary.find("a")
    assert words(first) == "Vad vill du berätta? Skriv vad du vill berätta."
    assert first["href"] == f"#{soup.find('textarea')['id']}"
    assert "Det du har skrivit finns kvar här." in words(summary)
    assert "Filerna följde inte med: välj dem igen." in words(summary)


def test_each_fault_stands_at_its_field_and_is_read_with_it(client, tip_channel):
    soup = soup_of(faulty(client, tip_channel))
    for name in ("text", "when", "where", "people", "contact"):
        control = soup.find(attrs={"name": name})
        assert control["aria-invalid"] == "true"
        said = described(soup, control)
        assert said.startswith(
            "Skriv vad du vill berätta." if name == "text" else "Korta texten till högst 2000"
        )
    for name in ("subject", "how_known"):
        group = soup.find(attrs={"name": name}).find_parent("fieldset")
        assert described(soup, group) == "Välj ett av alternativen, eller inget."
    files = soup.find(attrs={"name": "files"})
    assert "Välj filerna igen. De följde inte med." in described(soup, files)


def test_nothing_is_marked_as_faulty_in_an_empty_form(client, tip_channel):
    soup = soup_of(empty(client, tip_channel))
    assert not soup.find(attrs={"aria-invalid": True})
    assert not soup.find(attrs={"autofocus": True})
    assert not soup.find(class_="form__error")


def test_all_that_was_typed_or_chosen_is_still_there(client, tip_channel):
    text = "\n  Först en tom rad & <b>två</b> blanksteg.\n"
    sent = {
        "text": text, "subject": "hot", "when": '"i går"', "where": "Kajen", "how_known": "heard",
        "people": "A\nB", "urgent": "1", "contact": MUCH,
    }  # fmt: skip
    soup = soup_of(send(client, sent))
    # As a browser does, which leaves out the first line break.
    assert soup.find(attrs={"name": "text"}).string[1:] == text
    assert soup.find(attrs={"name": "people"}).string[1:] == "A\nB"
    assert soup.find(attrs={"name": "when"})["value"] == '"i går"'
    chosen = [control["value"] for control in soup.find_all(checked=True)]
    assert chosen == ["hot", "heard", "1"]


def test_the_history_of_a_browser_has_one_title_for_the_whole_way(client, tip_channel, monkeypatch):
    for sealed, plain, title in [
        ("/tipsa/formular/", FORM, "Formulär – Säkerhetspolisen"),
        ("/en/tipsa/formular/", ENGLISH, "Form – Swedish Security Service"),
    ]:
        steps = {
            "sealed": client.get(sealed), "form": client.get(plain), "done": send(client, path=plain),
            "faults": send(client, {"text": ""}, path=plain),
            "refused": send(client, path=plain, headers={"Sec-Fetch-Site": "cross-site"}),
        }  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr("tips.form.views.limiter.has_room", lambda address: False)
            steps["limited"] = send(client, path=plain)
        with monkeypatch.context() as patch:
            patch.setattr("tips.form.answers.render_to_string", None)
            steps["done without a template"] = send(client, path=plain)
        titles = {step: soup_of(answer).title.get_text() for step, answer in steps.items()}
        assert titles == dict.fromkeys(steps, title)
    assert soup_of(closed(client, tip_channel)).title.get_text() == "Formulär – Säkerhetspolisen"


# Answers


def test_thank_you_page_shows_the_number_whole(client, tip_channel):
    soup = soup_of(send(client))
    assert soup.h1.get_text() == "Tack för ditt tips"
    number = soup.find(class_="tips__reference")
    assert number["translate"] == "no"
    assert len(number.string) == 9
    assert "Skriv ner referensnumret på papper" in words(soup)
    assert TEXT not in soup.get_text()
    assert [link["href"] for link in soup.main.find_all("a")][-1] == "/tipsa/"


def test_a_form_without_a_keyring_that_holds_does_not_ask_one_to_try_again(client, tip_channel):
    lead = soup_of(closed(client, tip_channel)).find(class_="lead").get_text(" ", strip=True)
    assert "det kan dröja flera dagar innan det går igen" in lead
    assert "Försök igen" not in lead
    assert client.get("/tipsa/formular/lage.json").json()["why"] == "keyring"


def test_closed_form_gives_the_telephones_and_keeps_what_was_typed(client, tip_channel):
    response = closed(client, tip_channel)
    assert response.status_code == 503
    soup = soup_of(response)
    assert soup.h1.get_text() == "Formuläret är stängt just nu"
    numbers = [link["href"] for link in soup.main.find_all("a", class_="tip-numbers__number")]
    assert numbers == ["tel:112", "tel:11414", "tel:+46105687000"]
    assert soup.find("textarea").string.strip() == TEXT
    assert soup.find(attrs={"name": "when"})["value"] == "i går"
    assert [control["value"] for control in soup.find_all(checked=True)] == ["hot", "1"]


def test_what_is_refused_is_answered_with_a_way_on(client, tip_channel):
    response = send(client, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    soup = soup_of(response)
    assert soup.h1.get_text() == "Skicka formuläret från vår egen sida"
    assert [link["href"] for link in soup.main.find_all("a")][-2:] == [
        "/tipsa/formular/",
        "/tipsa/",
    ]


def test_numbers_in_texts_can_be_called(subtests):
    from tips.templatetags.tips_tags import paragraphs

    for text, html in [
        ("Ring 112.", '<p>Ring <a href="tel:112">112</a>.</p>'),
        ("114 14 (polisen)", '<p><a href="tel:11414">114 14</a> (polisen)</p>'),
        ("010-568 70 00", '<p><a href="tel:+46105687000">010-568 70 00</a></p>'),
        ("+46 10-568 70 00", '<p><a href="tel:+46105687000">+46 10-568 70 00</a></p>'),
        ("1123, 2112, 112-3", "<p>1123, 2112, 112-3</p>"),
        ("'112' <b>", '<p>&#x27;<a href="tel:112">112</a>&#x27; &lt;b&gt;</p>'),
        ("Ett\n\nTvå", "<p>Ett</p>\n\n<p>Två</p>"),
    ]:
        with subtests.test(text=text):
            assert paragraphs(text) == html


def test_first_visit_weighs_little_on_a_slow_line(client, tip_channel):
    """Each form, whole, with its sheet, script and keys as they are sent: compressed, the form not."""
    static = Path(settings.STATICFILES_DIRS[0])
    storage = FileSystemStorage(static)
    files = (path.relative_to(static).as_posix() for path in static.rglob("*") if path.is_file())
    paths = {name: (storage, name) for name in files}
    sheet = (static / "css" / "tips.css").read_text()
    sent = [
        flatten_imports(sheet, "css/tips.css", paths).encode(),
        (static / "icons" / "favicon.svg").read_bytes(),
    ]
    weight = len(empty(client, tip_channel).content) + sum(map(len, map(gzip.compress, sent)))
    assert weight < 20_000
    build.build()
    asked = ("keyring.json", "keyring-1.json.sig", "signers-1.json", "signers-1.json.sig")
    keys = [(tip_channel.trust.path / name).read_bytes() for name in asked]
    sealing = [*sent, (build.BUILT / "tip_form.js").read_bytes(), *keys]
    page = client.get("/tipsa/formular/").content
    assert len(page) + sum(map(len, map(gzip.compress, sealing))) < 120_000
