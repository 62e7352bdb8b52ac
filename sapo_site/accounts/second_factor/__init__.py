"""The second step of the login to the CMS: passkeys, codes from an app, recovery codes."""
