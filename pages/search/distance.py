"""How much two words differ."""


def distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, added or swapped; `most` + 1 if there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, former, row = row, before, [i]
        for j, candidate in enumerate(other, start=1):
            steps = min(
                before[j] + 1,
                row[j - 1] + 1,
                before[j - 1] + (letter != candidate),
            )
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == candidate:
                steps = min(steps, former[j - 2] + 1)
            row.append(steps)
        if min(*before, *row) > most:  # a swap looks one row further back
            return most + 1
    return min(row[-1], most + 1)
