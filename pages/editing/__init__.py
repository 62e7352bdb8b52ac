"""What this app adds to the CMS: snippets, the media library, uploads, what keeps a page unpublished.

May ask `models` and the rooms below it. Asked by `wagtail_hooks`.
"""
