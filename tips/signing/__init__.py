"""The ceremony without a server: keys are made, and what is signed is made, shown in words and signed.

Needs neither Django nor a network: `signera.pyz` is this room and `sealing`. Asked by the commands too.
"""
