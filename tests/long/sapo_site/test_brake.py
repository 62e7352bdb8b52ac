"""The brake of guesses: what counts against whom, and what is forgotten."""

import pytest

from sapo_site.accounts.brake import PER_DEVICE, PER_NAME_AND_NETWORK, PER_NETWORK
from tests.integration.tips.test_devices import HERE

pytestmark = pytest.mark.django_db(databases=["default", "tips"])
ELSEWHERE = "198.51.100.9"


def test_neighbours_in_the_same_network_brake_no_known_device(braked):
    for number in range(PER_NETWORK + 1):
        braked.lets_through(f"gissad-{number}", HERE)
    for _attempt in range(PER_NAME_AND_NETWORK):
        braked.lets_through("anna", HERE)
    assert not braked.lets_through("anna", HERE)
    assert braked.lets_through("anna", HERE, "annas dator")


def test_guesses_on_a_known_device_are_held_against_nobody_else(braked):
    for _attempt in range(PER_DEVICE + 1):
        braked.lets_through("anna", HERE, "annas dator")
    assert braked.lets_through("anna", HERE)
    assert braked.lets_through("anna", HERE, "annas telefon")
    for _attempt in range(PER_NAME_AND_NETWORK - 1):
        assert braked.lets_through("anna", HERE)


def test_right_password_on_a_device_forgets_its_own_guesses_alone(braked):
    for _attempt in range(PER_DEVICE):
        braked.lets_through("anna", HERE, "annas dator")
    for _attempt in range(PER_NAME_AND_NETWORK):
        braked.lets_through("anna", HERE)
    braked.was_right("anna", HERE, "annas dator")
    assert braked.lets_through("anna", HERE, "annas dator")
    assert not braked.lets_through("anna", HERE)


def test_right_password_elsewhere_forgets_no_guesses_of_a_device(braked):
    for _attempt in range(PER_DEVICE):
        braked.lets_through("anna", HERE, "annas dator")
    braked.lets_through("anna", HERE)
    braked.was_right("anna", HERE)
    assert not braked.lets_through("anna", HERE, "annas dator")


def test_the_right_password_gives_no_new_tries_at_a_code_on_a_known_device_either(braked):
    for _guess in range(PER_DEVICE):
        assert braked.lets_through("anna\0code", HERE, "her browser")
    assert braked.lets_through("anna", HERE, "her browser")
    braked.was_right("anna", HERE, "her browser")
    assert not braked.lets_through("anna\0code", HERE, "her browser")


def test_right_password_is_not_held_against_anybody(braked):
    for _attempt in range(PER_NETWORK * 2):
        assert braked.lets_through("anna", HERE)
        braked.was_right("anna", HERE)


def test_right_password_forgets_no_guesses_from_elsewhere(braked):
    for _attempt in range(PER_NAME_AND_NETWORK):
        assert braked.lets_through("anna", ELSEWHERE)
    assert braked.lets_through("anna", HERE)
    braked.was_right("anna", HERE)
    assert not braked.lets_through("anna", ELSEWHERE)


def test_a_home_is_one_network_whatever_address_it_takes(braked):
    for number in range(PER_NAME_AND_NETWORK):
        assert braked.lets_through("anna", f"2001:db8:0:1{number}::{number}")
    assert not braked.lets_through("anna", "2001:db8:0:1f::9")
    assert braked.lets_through("anna", "2001:db8:0:100::1")
