"""Telephone numbers."""


def phone_href(phone: str) -> str:
    """A Swedish number as telephones dial it, with the country's prefix."""
    digits = "".join(character for character in phone if character.isdigit())
    return f"tel:+46{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"
