"""The password hasher of the desk, where no password can be changed."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class KeptPasswordHasher(PBKDF2PasswordHasher):
    """As Django's own, but leaves a password that was stored with fewer rounds as it is.

    Django would store it again at the next login. The desk may not write passwords, since an
    intruder there could then give an editor another one.
    """

    def must_update(self, encoded: str) -> bool:
        return False
