"""What stands around the content of a page: menu, breadcrumbs, footer, notices, related pages.

May ask `models` and the rooms below it. Asked by `reading`, `search`, `templatetags` and `changes`.
"""
