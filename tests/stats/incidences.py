"""Incidence data that R packages are measured on, as the tests of what has been heard take them."""

from __future__ import annotations

from winback.stats.richness import Heard

# In how many of 50 plots of Barro Colorado each of 225 trees stands (R's vegan 2.6.4, data BCI): plots, times
_BCI = {
    50: 7, 49: 5, 48: 7, 47: 3, 46: 4, 45: 4, 44: 3, 43: 3, 42: 1, 41: 2, 40: 2, 39: 3, 38: 2, 37: 3, 36: 2, 35: 4,
    34: 2, 33: 2, 32: 4, 31: 5, 30: 3, 28: 4, 27: 4, 26: 3, 25: 2, 24: 1, 23: 4, 22: 3, 21: 3, 20: 2, 19: 5, 18: 8,
    17: 4, 16: 5, 15: 2, 14: 4, 13: 4, 12: 6, 11: 3, 10: 5, 9: 6, 8: 7, 7: 5, 6: 3, 5: 6, 4: 5, 3: 10, 2: 19, 1: 21,
}  # fmt: skip
BCI = Heard.of(50, [plots for plots, times in _BCI.items() for _ in range(times)])
# Ants by elevation (Longino and Colwell 2011), as in R's iNEXT, data ant
ANTS_1070 = Heard.of(150, [
    99, 96, 80, 74, 68, 60, 54, 46, 45, 45, 43, 43, 39, 38, 36, 34, 32, 31, 31, 31, 30, 26, 25, 25, 25, 24, 23, 22, 21,
    19, 19, 18, *[16] * 4, 15, 14, *[13] * 4, *[12] * 3, *[11] * 4, 10, 9, 8, *[7] * 6, *[6] * 3, 5, *[4] * 3,
    *[3] * 13, *[2] * 16, *[1] * 28,
])  # fmt: skip
ANTS_1500 = Heard.of(200, [
    144, 113, 79, 76, 74, 73, 53, 50, 43, 33, 32, 30, 29, 25, 25, 25, 24, 23, 23, 19, 18, 17, 17, 11, 11, 9, 9, 9, 9, 6,
    6, 5, 5, 5, 5, 4, 4, 3, 3, 2, 2, 2, 2, *[1] * 13,
])  # fmt: skip
ANTS_2000 = Heard.of(200, [80, 59, 34, 23, 19, 15, 13, 8, 8, 4, 3, 2, 2, 1])
