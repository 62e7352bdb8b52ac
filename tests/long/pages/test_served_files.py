"""What tests/integration/pages/test_served_files.py says, of uploads in a bucket."""

from tests.integration.pages import test_served_files as first
from tests.integration.pages.test_served_files import answers_as_it_should, in_every_state

library = first.library


@in_every_state
def test_every_address_in_a_bucket_in_every_state_for_every_role(
    client, state, bucket, library, no_editor, editor, chief_editor
):
    answers_as_it_should(client, state, library, (no_editor, editor, chief_editor))
