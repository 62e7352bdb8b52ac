"""Where tips lie: the one way in, the sealed files, and the keyring that holds now.

Asks `sealing` and the models. Asked by `form`, which brings tips in, and by those who handle them.
"""
