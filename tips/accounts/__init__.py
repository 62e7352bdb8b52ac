"""The handlers' own accounts: passwords, one-time codes, second factors, and who is enrolled.

Everything lies with the tips. Nothing here asks the CMS, and nothing there can change what lies here.
"""
