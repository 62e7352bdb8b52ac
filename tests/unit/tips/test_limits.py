"""The limits are the ones that the form names."""

from tips.form import limits


def test_files_are_bounded_one_by_one_and_in_all():
    assert limits.MAX_FILE_BYTES == 25 * 1024 * 1024
    assert limits.MAX_TOTAL_BYTES == 60 * 1024 * 1024
    assert limits.MAX_FILES == 10


def test_what_is_read_has_room_for_the_fields_beside_the_files():
    assert limits.MAX_BODY_BYTES == limits.MAX_TOTAL_BYTES + limits.MAX_FIELDS_BYTES
    # The longest that can be written in all fields, in signs of four octets.
    longest = limits.MAX_TEXT_LENGTH + 6 * limits.MAX_FIELD_LENGTH
    assert 4 * longest < limits.MAX_FIELDS_BYTES
