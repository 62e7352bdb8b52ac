"""The newsroom's pages, buttons and panels in the CMS, and the doors of Wagtail that are closed for it.

May ask `reading` and the rooms below it. Asked by `wagtail_hooks`.
"""
