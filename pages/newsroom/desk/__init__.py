"""The newsroom's pages, buttons and panels in the CMS, and the doors of Wagtail that are closed for it.

May ask `importing`, `editing` and the rooms below them. Asked by `cms` and `changes`.
"""
