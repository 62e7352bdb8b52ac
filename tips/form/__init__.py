"""What a tipster meets: the form, from the first octet of a request to the page that answers it.

Asks `keeping` to take the tip in and `wording` for the texts. Asked by Django: the addresses, and
the middleware that stands first in the list.
"""
