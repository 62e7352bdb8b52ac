"""What an engine calls a fault and is none, each with the reason. Everything else fails a test."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FalseFault:
    engine: str
    rule: str
    where: str  # something that stands in the element
    reason: str
    without: str | None = None  # something that does not


FALSE_FAULTS = (
    FalseFault(
        "HTML_CodeSniffer",
        "WCAG2AA.Principle4.Guideline4_1.4_1_2.H91.InputPassword.Name",
        'autocomplete="one-time-code" hidden',
        "It keeps browsers from storing the tip, and is hidden from everybody: it needs no name.",
    ),
    FalseFault(
        "IBM Equal Access",
        "aria_form_label_unique",
        "<form",
        "A form without a name has no role, and is no landmark that could be taken for another.",
        without="aria-label",
    ),
    FalseFault(
        "IBM Equal Access",
        "input_label_exists",
        'class="search-form__field"',
        "Its label is clipped on wide screens, which no screen reader minds, and lies with the field in the "
        "closed menu on narrow ones. The other engines would find a label that is lacking.",
    ),
    FalseFault(
        "Alfa",
        "sia-r61",
        "error-summary",
        "What is to be put right is listed above the title, where the focus goes: whoever sent the form "
        "knows the page already.",
    ),
    FalseFault(
        "Alfa",
        "sia-r113",
        'rel="noreferrer" href="/om-webbplatsen/tillganglighet/"',
        "On a low page of the tip channel the bar for leaving lies over it until one scrolls: below it is as "
        "much room as the bar takes. axe-core measures the link as well.",
    ),
)


def is_false(engine: str, rule: str, html: str) -> bool:
    return any(
        (each.engine, each.rule) == (engine, rule)
        and each.where in html
        and not (each.without and each.without in html)
        for each in FALSE_FAULTS
    )
