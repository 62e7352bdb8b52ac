"""What checks remember: phrases that editors keep, and how each link answered last."""

from .link_state import LinkState, Trouble
from .phrase import Phrase, PhraseKind
