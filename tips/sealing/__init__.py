"""Sealing and opening: keys, the keyring, what is sealed of a tip, and bundles of sealed tips.

Needs neither Django nor a network, and asks no other room. Asked by all who handle sealed octets.
"""
