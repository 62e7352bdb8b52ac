"""What the pages say. Asks nobody. Asked by `form`."""
