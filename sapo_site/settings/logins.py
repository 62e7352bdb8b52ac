"""How people log in to the CMS: the second factor, and what of Wagtail's own login is closed."""

from urllib.parse import urlsplit

# Whoever has none is led to adding one, and does nothing else before. The desk reads it too.
SECOND_FACTOR_REQUIRED = True

SECOND_FACTOR_APPS = [
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp_webauthn",
]
# Our own brake counts wrong codes: theirs would shut the right person out.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_TOTP_ISSUER = OTP_WEBAUTHN_RP_NAME = "Säkerhetspolisens redaktionsverktyg"
OTP_WEBAUTHN_HELPER_CLASS = "sapo_site.accounts.second_factor.passkeys.CheckedByThePerson"
OTP_WEBAUTHN_RP_ID = ""
OTP_WEBAUTHN_ALLOWED_ORIGINS: list[str] = []


def passkeys_at(url: str) -> dict[str, object]:
    """The settings that bind passkeys to the address where editors work."""
    parts = urlsplit(url)
    return {
        "OTP_WEBAUTHN_RP_ID": parts.hostname,
        "OTP_WEBAUTHN_ALLOWED_ORIGINS": [f"{parts.scheme}://{parts.netloc}"],
    }


# Nobody is mailed a way in. Who has lost the password is given a new one by a command.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_USER_LOGIN_FORM = "sapo_site.accounts.login.CmsLoginForm"
SESSION_ENGINE = "sapo_site.accounts.cms_sessions"
