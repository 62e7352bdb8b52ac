"""What the CMS notes in the audit log, and how the log reaches the journal."""
