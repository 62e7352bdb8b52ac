"""What the law on accessibility asks for: the statement with its deviations, and messages from readers."""
