"""What the desk's page calls what its service answers as codes.

As with the sentences of refusals (`tips/refusals.py`) whoever has taken the service over can choose
among these words, and write none of their own.
"""

from collections.abc import Iterable

from django.utils.functional import Promise

from tips.models import State
from tips.signing.words import STOP_REASONS_IN_WORDS

from .states import ARRIVALS, RECORDS, STEPS

_Words = dict[str, str | Promise]


def desk_words() -> _Words:
    """Each by its kind and its value, such as "state/read" or "choice/spam/trial"."""
    steps = STEPS.values()
    needs = [(step.name, step.need) for step in steps if step.need]
    words: dict[str, Iterable[tuple[str, str | Promise]]] = {
        "state": State.choices,
        "step": [(step.name, step.label) for step in steps if step.is_offered],
        "done": [
            *((step.name, step.done) for step in steps),
            *(RECORDS | ARRIVALS).items(),
        ],
        "need": [(need.name, need.label) for _step, need in needs],
        "hint": [(need.name, need.hint) for _step, need in needs if need.hint],
        **{f"choice/{step}": need.choices for step, need in needs},
        "stop": STOP_REASONS_IN_WORDS.items(),
    }
    return {f"{kind}/{value}": word for kind, named in words.items() for value, word in named}
