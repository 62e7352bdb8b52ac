from pages.content.fields import BlocksField

from .blocks import CooperationBodyBlock


class CooperationBodyField(BlocksField):
    block_class = CooperationBodyBlock
