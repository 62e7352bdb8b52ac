"""What an installation makes before it serves: compiled texts and static files."""
