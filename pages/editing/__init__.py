"""What this app adds to the CMS: menu items for snippets, and quicker permission checks.

May ask `models` and the rooms below it. Asked by `wagtail_hooks`.
"""
