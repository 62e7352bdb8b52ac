"""What `./sapo` does: before anything is installed, with nothing but a Python."""
