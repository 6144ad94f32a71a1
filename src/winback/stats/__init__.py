"""Statistics: numbers in, numbers out. Pure NumPy and SciPy, vectorised, without frames and without words for the user.

Counts of the three bands stand in one order everywhere, that of `winback.scales`: detractors, passives, promoters.
Scores are points (-100 to 100), shares and probabilities 0 to 1. Where a figure cannot be had, it is nan or a named
state, never a guess; `ValueError` is a caller's mistake, `UserError` something a user typed.
"""
