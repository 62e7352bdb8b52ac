"""Telephone numbers."""


def phone_href(phone: str) -> str:
    """The `tel:` link of a Swedish number, with the country code."""
    digits = "".join(character for character in phone if character.isdigit())
    return f"tel:+46{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"
