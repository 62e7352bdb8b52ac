"""The commands of this app for `manage.py`.

May ask every room but `changes`. Asked by no other room.
"""
