"""How much a tip may hold, how long it may take, and how often one may be sent."""

from tips.questions import MAX_FIELD_LENGTH as MAX_FIELD_LENGTH
from tips.questions import MAX_TEXT_LENGTH as MAX_TEXT_LENGTH

MEBIBYTE = 1024 * 1024

# Files
MAX_FILE_MB = 25
MAX_TOTAL_MB = 60
MAX_FILES = 10
MAX_FILE_BYTES = MAX_FILE_MB * MEBIBYTE
MAX_TOTAL_BYTES = MAX_TOTAL_MB * MEBIBYTE

# The most that is read of a form
MAX_FIELDS_BYTES = MEBIBYTE
MAX_PARTS = 100
MAX_BODY_BYTES = MAX_TOTAL_BYTES + MAX_FIELDS_BYTES
# What is sealed in the browser: files are padded by at most an eighth, or to 4 KiB.
MAX_PADDED_BYTES = MAX_TOTAL_BYTES * 9 // 8
MAX_SEALED_BYTES = MAX_PADDED_BYTES + 2 * MEBIBYTE
# A browser shows no answer before it has sent all: what is too large is read and dropped, to here.
MAX_DRAINED_BYTES = 300 * MEBIBYTE
DRAIN_SECONDS = 10 * 60
READ_SECONDS = 30 * 60
# Reading from those over the limit must not take long.
LIMITED_SECONDS = 60
# The service has more threads than this (deploy/sapo@intake.service): however slowly others send,
# some threads are left to show the form, or to say that there is no room.
MAX_READ_AT_ONCE = 32
# The last of these places are for the largest networks (/16, /32) that hold few of them.
PLACES_HELD_BACK = 16
MAX_PLACES_WHEN_FEW = 4
STALL_SECONDS = 2 * 60

# The age of a form: how long after it was shown it may be sent
MIN_TOKEN_SECONDS = 3
MAX_TOKEN_SECONDS = 6 * 60 * 60

# Tips in each period of ten minutes
LIMITER_SECONDS = 10 * 60
MAX_PER_ADDRESS = 30
MAX_IN_ALL = 10_000
# The networks that an address lies in, from the smallest: the length of the prefix, and for how many
# addresses it may send. In IPv6 a home has a /56, and /48 are given away to anybody who asks.
NETWORKS = {
    4: ((32, 1), (24, 8), (16, 64)),
    6: ((56, 1), (48, 4), (40, 16), (32, 64)),
}
# The last of the room for all is held back for networks (/24, /48) that have not sent anything, and
# only so much of it for each of the largest (/16, /32).
HELD_BACK = 2_000
MAX_HELD_BACK_PER_NETWORK = 20
