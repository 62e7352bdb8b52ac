"""What editors meet in the CMS: menus for snippets, and quicker permission checks.

May ask `models` and the rooms below it. Asked by `wagtail_hooks`.
"""
