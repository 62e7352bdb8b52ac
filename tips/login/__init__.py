"""What the login of the desk and that of the CMS share: the brake, known browsers, rules of passwords."""
