"""What a process may remember: the content version, the memory under it, and the clock.

Asks no other room. Asked by every room that reads or remembers published content.
"""
