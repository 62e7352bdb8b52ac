from pages.fields import BlocksField

from .blocks import CooperationBodyBlock


class CooperationBodyField(BlocksField):
    """The body of a cooperation page."""

    block_class = CooperationBodyBlock
