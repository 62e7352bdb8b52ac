"""What happened in the newsroom, for those who note it elsewhere."""

from django.dispatch import Signal

# why: somebody wants what is not theirs to do, and is led back with a sentence
led_back = Signal()
