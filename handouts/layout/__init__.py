"""Turn a Document into planned pages: measured boxes, page breaks, and the structure tree of the tags.

Takes a Document and a theme; returns pages with everything on them in its place. Writes no PDF syntax.
"""

from __future__ import annotations
