"""The text engine: fonts and the characters they have, words shaped, widths, line breaking, font subsets.

What is measured here is what the PDF draws; the deck uses the same measures to decide what fits. Left to right
only.
"""
