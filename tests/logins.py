"""What the tests do at the login of the CMS."""

import time
from binascii import unhexlify

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

LOGIN, CMS, OWN = "/admin/login/", "/admin/", "/admin/inloggning/"
SECOND, SHOW, ASK = f"{LOGIN}andra-steget/", f"{LOGIN}nyckel/", f"{LOGIN}nyckel/fraga/"
PASSWORD = "hemligt-nog-for-prov"
NOT_ACCEPTED = "Nyckeln godtogs inte"
WRONG_CODE = "Koden är fel, använd eller för gammal."
TOO_MANY = "För många försök. Vänta en kvart och försök igen."


def add_passkey(client, key, name="Min nyckel"):
    options = client.post(f"{OWN}nyckel/fraga/").json()
    return client.post(f"{OWN}nyckel/", {"answer": key.add(options), "name": name})


def show_passkey(client, key, **fields):
    return client.post(SHOW, {"answer": key.show(client.post(ASK).json()), **fields})


def code_now(device: TOTPDevice, steps: int = 0) -> str:
    device.refresh_from_db()
    TOTPDevice.objects.update(last_t=-1)  # as if no code had been used yet
    return code_of(device.key, steps)


def code_of(key: str, steps: int = 0) -> str:
    """The code of this half minute, or of another, with seconds left to give it in."""
    if (left := 30 - time.time() % 30) < 5:
        time.sleep(left)
    totp = TOTP(unhexlify(key))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06}"


def give_password(client, username="redaktor", password=PASSWORD, **fields):
    return client.post(LOGIN, {"username": username, "password": password, **fields})


def is_inside(client) -> bool:
    return client.get(CMS).status_code == 200


def text_of(response) -> str:
    return response.content.decode()
