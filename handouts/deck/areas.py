"""Where drawings stand that fill no placeholder, and what every slide has at its foot and in its corner."""

from __future__ import annotations

from handouts.deck.slots import area
from handouts.units import inch

FIGURE_AREA = area(0.75, 1.84, 11.83, 4.74)
LOW_FIGURE_AREA = area(0.75, 2.55, 11.83, 4.03)
PEOPLE_AREA = area(7.90, 1.86, 4.68, 4.68)
SIGN_CIRCLE = area(8.54, 2.25, 4.04, 4.04)
SIGN_SIZE = inch(2.48)
PANELS = (area(0.75, 2.05, 5.77, 3.90), area(6.81, 2.05, 5.77, 3.90))  # behind two columns
LOGO = area(11.28, 0.42, 1.30, 0.76)  # in the corner of a title, clear of its label
FOOT_BETWEEN = " · "
# The crisis line has the foot; the mark stands above the title, where it is clear of both.
MARK = area(11.41, 0.20, 1.17, 0.20)
FOOT, NUMBER = area(0.75, 6.59, 10.19, 0.62), area(11.04, 6.87, 1.54, 0.34)  # room for “Draft 10.10 · 000”
