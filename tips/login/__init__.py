"""What the login of the desk and that of the CMS share: the brake, the journal, hashed session keys."""
