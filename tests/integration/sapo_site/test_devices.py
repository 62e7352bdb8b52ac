"""Browsers that have logged in with a name before go past what others guess of it."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from sapo_site.accounts import brake
from sapo_site.accounts.brake import NETWORK_WINDOW, PER_DEVICE, PER_NAME_AND_NETWORK, WINDOW, Brake
from sapo_site.accounts.devices import KNOWN_FOR, KnownBrowsers
from sapo_site.models import CmsAttempt

pytestmark = pytest.mark.django_db(databases=["default"])
HERE = "192.0.2.7"


class Browser:
    """What keeps the cookie between a login and the next."""

    def __init__(self):
        self.cookies = {}
        self.strange_since = None

    def door(self, name):
        return KnownBrowsers(name, lambda username: self.strange_since)

    def request(self):
        request = RequestFactory().get("/")
        request.COOKIES.update(self.cookies)
        return request

    def log_in(self, username, door="desk"):
        response = HttpResponse()
        self.door(door).remember(self.request(), response, username)
        self.cookies.update({name: each.value for name, each in response.cookies.items()})
        return response.cookies[f"device-{door}"]

    def knows(self, username, door="desk"):
        return self.door(door).device(self.request(), username)


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def now():
    return [timezone.now()]


@pytest.fixture
def braked(now):
    return Brake(clock=lambda: now[0])


# The cookie


def test_browser_is_known_with_the_name_that_logged_in_and_at_that_door_only(browser):
    assert browser.knows("anna") == ""
    browser.log_in("anna")

    assert browser.knows("anna")
    assert browser.knows(" ANNA") == browser.knows("anna")
    assert browser.knows("bo") == ""
    assert browser.knows("anna", "cms") == ""
    # Nor when somebody gives the cookie another name.
    browser.cookies["device-cms"] = browser.cookies["device-desk"]
    assert browser.knows("anna", "cms") == ""


def test_cookie_is_for_the_server_alone_and_lasts_half_a_year(browser, settings):
    settings.SESSION_COOKIE_SECURE = True
    response = HttpResponse()
    browser.door("desk").remember(browser.request(), response, "anna")
    [cookie] = response.cookies.values()

    assert cookie.key == "__Host-device-desk"
    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
    assert cookie["max-age"] == 180 * 24 * 60 * 60
    settings.SESSION_COOKIE_SECURE = False
    assert browser.log_in("anna").key == "device-desk"


def test_cookie_tells_no_name(browser):
    assert "anna" not in browser.log_in("anna").value.casefold()


def test_two_browsers_of_one_person_are_two_devices(browser):
    other = Browser()
    browser.log_in("anna")
    other.log_in("anna")
    assert browser.knows("anna") != other.knows("anna")


def test_next_login_leaves_the_browser_the_same_device(browser):
    """Else whoever logs in a hundred times has a hundred times as many guesses."""
    browser.log_in("anna")
    before = browser.knows("anna")
    browser.log_in("anna")
    assert browser.knows("anna") == before
    assert "~" not in browser.cookies["device-desk"]


def test_colleagues_share_a_computer_and_the_sixth_takes_the_place_of_the_first(browser):
    names = ["anna", "bo", "cia", "dan", "eva"]
    for name in names:
        browser.log_in(name)
    assert all(map(browser.knows, names))
    assert len({browser.knows(name) for name in names}) == len(names)
    browser.log_in("frank")
    assert [name for name in [*names, "frank"] if not browser.knows(name)] == ["anna"]


def test_device_is_forgotten_after_half_a_year_without_a_login(browser, monkeypatch):
    browser.log_in("anna")
    later = timezone.now().timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later + KNOWN_FOR - 60)
    assert browser.knows("anna")
    monkeypatch.setattr("django.core.signing.time.time", lambda: later + KNOWN_FOR + 60)
    assert browser.knows("anna") == ""


def test_invented_cookie_is_no_device_and_disturbs_nobody(browser, subtests):
    for cookie in ["", "~", "~~~~~~~~", "påhittat", "a:b:c", "x" * 5000, "anna:1:2~" * 900, "\0"]:
        with subtests.test(cookie=cookie):
            browser.cookies["device-desk"] = cookie
            assert browser.knows("anna") == ""
            browser.log_in("anna")
            assert browser.knows("anna")
            assert len(browser.cookies["device-desk"]) < 700


def test_changed_cookie_is_no_device(browser):
    browser.log_in("anna")
    cookie = browser.cookies["device-desk"]
    for place in range(len(cookie)):
        browser.cookies["device-desk"] = (
            cookie[:place] + ("A" if cookie[place] != "A" else "B") + cookie[place + 1 :]
        )
        # The last sign of a signature holds bits that are not read.
        assert browser.knows("anna") == "" or place == len(cookie) - 1


def test_browser_of_before_is_strange_and_is_another_one_at_the_next_login(browser, monkeypatch):
    browser.log_in("anna")
    browser.log_in("bo", "cms")
    before = browser.knows("anna")
    browser.strange_since = timezone.now()
    assert browser.knows("anna") == ""

    later = timezone.now().timestamp() + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    browser.log_in("anna")

    assert browser.knows("anna") not in ("", before)


# The brake


def test_nobody_elsewhere_brakes_a_known_device(braked, browser):
    browser.log_in("anna")
    device = browser.knows("anna")
    for number in range(150):
        braked.lets_through("anna", f"198.51.100.{number}")
    assert not braked.lets_through("anna", HERE)
    assert braked.lets_through("anna", HERE, device)


def test_known_device_has_ten_guesses_a_quarter_from_wherever_it_is(braked, now):
    for number in range(PER_DEVICE):
        assert braked.lets_through("anna", f"192.0.2.{number}", "annas dator")
    assert not braked.lets_through("anna", HERE, "annas dator")
    now[0] += WINDOW - timedelta(seconds=1)
    assert not braked.lets_through("anna", HERE, "annas dator")
    now[0] += timedelta(seconds=1)
    assert braked.lets_through("anna", HERE, "annas dator")
    assert PER_DEVICE == 10


def test_brake_keeps_nothing_that_tells_which_device_it_was(braked, browser):
    browser.log_in("anna")
    device = browser.knows("anna")
    braked.lets_through("anna", HERE, device)
    kept = repr(CmsAttempt.objects.values())
    assert device not in kept
    assert "anna" not in kept
    assert HERE not in kept


def test_brake_lets_go_after_a_while_and_does_not_grow_by_trying(now, braked):
    for _attempt in range(PER_NAME_AND_NETWORK):
        assert braked.lets_through("Anna", HERE)
    for _minute in range(14):
        now[0] += timedelta(minutes=1)
        assert not braked.lets_through("anna ", HERE)
    now[0] += timedelta(minutes=1)
    assert braked.lets_through("ANNA", HERE)


def test_name_that_is_guessed_from_many_networks_is_braked_everywhere(braked, monkeypatch):
    monkeypatch.setattr(brake, "PER_NAME", 10)
    for number in range(10):
        assert braked.lets_through("anna", f"192.0.2.{number}")
    assert not braked.lets_through("anna", HERE)
    assert braked.lets_through("bo", HERE)


def test_brake_keeps_no_name_and_no_address_and_forgets(now, braked):
    braked.lets_through("anna", HERE)
    kept = repr(CmsAttempt.objects.values())
    assert "anna" not in kept
    assert HERE not in kept
    now[0] += WINDOW
    braked.lets_through("bo", HERE)
    assert CmsAttempt.objects.count() == 1
    assert NETWORK_WINDOW < WINDOW
