"""What happened in the newsroom, for those who tell people of it. Sent in the transaction."""

from django.dispatch import Signal

# why: somebody wants what is not theirs to do, and is led back with a sentence
led_back = Signal()
# submission
sent = Signal()
# submission, by, senders: somebody has changed what they sent, and confirmed the change
changed = Signal()
# submission, by, persons: they confirmed it before something red was found; `by` has written why
put_aside = Signal()
# submission, by, note
returned = Signal()
# submission, by: public now, by itself if it was scheduled
published = Signal()
# submission, by, due_at
scheduled = Signal()
# approval, by, why
stopped = Signal()
# approval, sentence: its time came and it did not go out; no sentence if it was changed
kept_back = Signal()
# approval, by
put_out_alone = Signal()
# review
reviewed = Signal()
# submission, due_at, persons: its start time came, and only these have approved it
too_late = Signal()
# submission: nobody has answered for thirty days
lapsed = Signal()
# submission, to_all, due_at, persons: it waits; `due_at` if its start is near
still_waiting = Signal()
