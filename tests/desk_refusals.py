"""What the desk's page says of a refusal, for which the service answers a code."""

from typing import Any

from tips.refusals import Refusal

NO_KEYRING = "Nyckelringen går inte att använda: tips_keyring verify på servern säger varför."


def refusal(sentence: str, **more: object) -> dict[str, object]:
    """The answer for which the page has this sentence."""
    (code,) = (each.value for each in Refusal if each.label == sentence)
    return {"error": code, **more}


def sentence(answer: dict[str, Any]) -> str:
    """What the page says where it has been answered this."""
    assert answer.keys() - {"ended", "ask_again"} <= {"error", "day", "seq"}
    label = str(Refusal(answer["error"]).label)
    for slot in ("day", "seq"):
        label = label.replace(f"%({slot})s", str(answer.get(slot, "")))
    return label


def said(response: Any) -> str:
    """What the page says of a refusal."""
    return sentence(response.json())
