"""Where the CMS asks again who is there, the brake on guesses learns from which network."""

import re

from sapo_site.accounts.second_factor.coming_in import ASKED_BEFORE
from tests.tiers import ROOT

NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
# These have a location of their own, which hands on the network always.
OF_ONES_OWN = {"inloggning", "account"}


def test_nginx_hands_on_the_network_wherever_the_password_is_asked_for_again():
    [handed_on] = re.findall(r'"~(\^POST /admin/\(users[^"]*)" \$remote_addr;', NGINX)
    [asked] = re.findall(r"/admin/\((.*)\)\(/\|\$\)$", ASKED_BEFORE.pattern)
    places = set(asked.split("|")) - OF_ONES_OWN
    assert len(places) > 8
    assert [place for place in places if not re.match(handed_on, f"POST /admin/{place}/")] == []
