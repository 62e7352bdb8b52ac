"""The blocks that editors put into stream fields.

May ask `references`, `tree` and `library`. Asked by `fields`, `models` and `importing`.
"""
