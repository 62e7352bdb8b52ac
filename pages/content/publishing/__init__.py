"""The rules of publishing: which date of change a page gets.

Asks no other room. Asked by `models`.
"""
