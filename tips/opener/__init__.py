"""What opens tips in a browser: the desk's program, and the one file for an isolated machine."""
