"""The handlers' pages, and what the program in their browser asks the server.

Asks `handling` to do what a request wants done. Asked by the site's addresses only.
"""
