"""What is done with a tip once it is in: steps, the event log, notes, access, purge, the register.

Asks `accounts`, `keeping`, `sealing` and the models. Knows nothing of requests and pages.
Asked by `desk` and the commands.
"""
