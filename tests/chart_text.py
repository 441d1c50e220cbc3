"""Reads native charts back: the words that a reader sees in them, numbers with their unit, in the order of the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FORMAT = re.compile(r'(?P<number>General|0(?:\.0+)?)(?:"(?P<unit>.*)")?')


def charts_of(slide: Any) -> list[Any]:
    """Return the charts of a slide as python-pptx reads them."""
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def chart_texts(chart: Any) -> Iterator[str]:
    """Yield what is written in a chart: its head, the legend, then each row with its amounts."""
    root = chart.part._element
    yield from (text.text for text in root.iter(f"{A}t"))
    series = list(root.iter(f"{C}ser"))
    if root.find(f"{C}chart/{C}legend") is not None:
        yield from (value.text for each in series for value in each.iterfind(f"{C}tx//{C}v"))
    labels = [value.text for value in series[0].iterfind(f"{C}cat//{C}v")]
    columns = [list(amounts(each)) for each in series]
    yield from chain.from_iterable(zip(labels, *columns, strict=True))


def amounts(series: Any) -> Iterator[str]:
    """Yield the number at the end of each bar of a series, as its format shows it."""
    found = FORMAT.fullmatch(series.find(f"{C}dLbls/{C}numFmt").get("formatCode"))
    assert found
    places = None if found["number"] == "General" else len(found["number"].partition(".")[2])
    for value in series.iterfind(f"{C}val//{C}v"):
        number = value.text if places is None else f"{float(value.text):.{places}f}"
        yield f"{number}{found['unit'] or ''}"
