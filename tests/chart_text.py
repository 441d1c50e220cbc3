"""Reads the visible texts of native charts: labels, and numbers with their units, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from deck_file import A, C

NUMBER_FORMAT = re.compile(r'(?P<number>General|0(?:\.0+)?)(?:"(?P<unit>.*)")?')


def slide_charts(slide: Any) -> list[Any]:
    """Return the charts of a slide of python-pptx."""
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def chart_texts(chart: Any) -> Iterator[str]:
    """Yield the texts of a chart: its title, the legend, then each row with its values."""
    root = chart.part._element
    yield from (text.text for text in root.iter(f"{A}t"))
    series = list(root.iter(f"{C}ser"))
    if root.find(f"{C}chart/{C}legend") is not None:
        yield from (value.text for each in series for value in each.iterfind(f"{C}tx//{C}v"))
    labels = [value.text for value in series[0].iterfind(f"{C}cat//{C}v")]
    columns = [list(formatted_values(each)) for each in series]
    yield from chain.from_iterable(zip(labels, *columns, strict=True))


def formatted_values(series: Any) -> Iterator[str]:
    """Yield the values of a series as their number format shows them."""
    found = NUMBER_FORMAT.fullmatch(series.find(f"{C}dLbls/{C}numFmt").get("formatCode"))
    assert found
    decimals = None if found["number"] == "General" else len(found["number"].partition(".")[2])
    for value in series.iterfind(f"{C}val//{C}v"):
        number = value.text if decimals is None else f"{float(value.text):.{decimals}f}"
        yield f"{number}{found['unit'] or ''}"
