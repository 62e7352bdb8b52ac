"""The sentences of the page that seals, of which its script chooses: each stands in the page."""

from django.utils.translation import gettext as _

from . import limits


def sealed_words(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Each sentence that the script may choose, by its name; the script fills the slots."""
    return [
        ("send", _("Send the tip")),
        ("stop", _("Stop the sending")),
        ("sealing", _("The tip is being sealed in your browser …")),
        ("sending", _("The tip is being sent …")),
        ("required", _("Write what you would like to tell us.")),
        (
            "long",
            _("Shorten this to at most %(limit_value)d characters, from %(show_value)d.")
            .replace("%(limit_value)d", "{limit}")
            .replace("%(show_value)d", "{length}"),
        ),
        (
            "large",
            _("Choose a smaller file than “%(name)s”: each may be at most %(limit)d MB.")
            % {"name": "{name}", "limit": limits.MAX_FILE_MB},
        ),
        ("many", _("Choose at most %(limit)d files.") % {"limit": limits.MAX_FILES}),
        (
            "total",
            _("Choose fewer or smaller files: %(limit)d MB in all.")
            % {"limit": limits.MAX_TOTAL_MB},
        ),
        ("unread", _("Choose the files again: one of them could not be read.")),
        (
            "offline",
            _(
                "You have no connection right now. What you have written is still here: send it "
                "when you are connected again."
            ),
        ),
        ("unreachable", _("Send again: we cannot be reached, or the line broke.")),
        (
            "stopped",
            _(
                "You stopped the sending. Send again if you want to: should the tip have arrived "
                "all the same, it is still one tip."
            ),
        ),
        (
            "spent",
            _("The form has been sent already. If you have changed something, send it again."),
        ),
        ("form", _("Send again: something was lost on the way.")),
        ("token", _("Send again: the form had been open for too long.")),
        ("keyring", _("Send again: those who read tips have just changed.")),
        (
            "size",
            _("Choose fewer or smaller files: %(limit)d MB in all.")
            % {"limit": limits.MAX_TOTAL_MB},
        ),
        ("limited", texts["limited_text"]),
        ("busy", _("Many people are sending right now. Wait a while and send again, or call.")),
        ("closed", texts["closed_text"]),
        ("closed for long", closed_for_long()),
        (
            "untrusted",
            _("We cannot show whom the tip would be sealed to. Send nothing from here. Call."),
        ),
        (
            "program",
            _(
                "This browser cannot seal the tip: it is too old, or something in it is turned off. "
                "Nothing has been sent. Use a newer browser or another device, or turn scripts off "
                "for this page and load it again: then the tip is sealed first when it has arrived "
                "with us. You can also call."
            ),
        ),
        (
            "clock",
            _(
                "The clock of your device seems to be wrong, so that we cannot check whom the tip "
                "would be sealed to. Nothing has been sent. Set the right date and load the page "
                "again, use another device, or call."
            ),
        ),
        ("not here", _("The form cannot be opened here")),
    ]


def closed_for_long() -> str:
    """Where the keyring is at fault: people have to meet before the form can be opened again."""
    return _(
        "We cannot receive tips through the form, and it may take days before we can. If you got "
        "no number when you sent a tip, it has not arrived. Call instead."
    )
