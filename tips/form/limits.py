"""How much a tip may hold, how long it may take, and how often one may be sent."""

MEBIBYTE = 1024 * 1024

# Files
MAX_FILE_MB = 25
MAX_TOTAL_MB = 60
MAX_FILES = 10
MAX_FILE_BYTES = MAX_FILE_MB * MEBIBYTE
MAX_TOTAL_BYTES = MAX_TOTAL_MB * MEBIBYTE

# Fields, in characters
MAX_TEXT_LENGTH = 20_000
MAX_FIELD_LENGTH = 2_000

# What is read of a form at all
MAX_FIELDS_BYTES = MEBIBYTE
MAX_PARTS = 100
MAX_BODY_BYTES = MAX_TOTAL_BYTES + MAX_FIELDS_BYTES
# A browser shows no answer before all is sent: what is too much is read and forgotten, up to here.
MAX_DRAINED_BYTES = 300 * MEBIBYTE
DRAIN_SECONDS = 10 * 60
READ_SECONDS = 30 * 60
# The service has more threads than this (deploy/sapo@intake.service): however slowly forms are sent,
# some are left that show the form, and say that there is no room for another.
MAX_READ_AT_ONCE = 32
STALL_SECONDS = 2 * 60

# From when and until when a form may be sent back after it was shown
MIN_TOKEN_SECONDS = 3
MAX_TOKEN_SECONDS = 6 * 60 * 60

# How often, in each stretch of ten minutes
LIMITER_SECONDS = 10 * 60
MAX_TIPS_PER_ADDRESS = 30
MAX_TIPS_IN_ALL = 10_000
