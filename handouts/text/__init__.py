"""The text engine: fonts and their characters, shaping, widths, line breaking, font subsets. Left to right only.

The PDF draws exactly what is measured here; the deck uses the same widths to decide what fits.
"""
