"""What this app adds to the CMS, and what of Wagtail it does not offer."""
