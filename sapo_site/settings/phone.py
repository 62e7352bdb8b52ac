"""The telephone number of the site, and what looks like one in a text."""

# Whatever shows the number is made from this one, in the form that its readers know.
PHONE = "010-568 70 00"
PHONE_FROM_ABROAD = f"+46 {PHONE.removeprefix('0')}"
PHONE_HREF = "tel:" + PHONE_FROM_ABROAD.replace(" ", "").replace("-", "")
PHONE_WITH_HYPHENS = PHONE_FROM_ABROAD.replace(" ", "-")
SECURITY_CONTACT = f"tel:{PHONE_WITH_HYPHENS}"  # RFC 9116
# What looks like a number in a text (re.VERBOSE): 010-568 70 00, 08 401 90 00, +46 (0)10-568 70 00, 114 14.
PHONE_LOOKS = r"""(?<![\w#&+-])(?:
    (?:\+|00\s?)\d{1,3} (?:[\s-]?\(0\))? (?:(?:[\s\u2010-\u2013-]|&nbsp;)?\d{1,4}){2,6}
    | 0\d{1,3} \s?[/\u2010-\u2013-]\s? \d{1,4} (?:(?:\s|&nbsp;)?\d{2,4}){1,4}
    | 0\d{1,3} (?:(?:\s|&nbsp;)\d{2,4}){2,4}
    | 11\d (?:\s|&nbsp;) \d{2}
)(?![\w:-]|[.,]\d)"""
