"""What this app adds to the CMS: snippets, the media library, uploads, what keeps a page unpublished.

May ask `newsroom` and the rooms below it. Asked by `cms`, and by the settings.
"""
