"""Turn drawings into SVG inside a page: shapes in the colours of the theme by class, words as text.

Classes name the role of a fill (`f-accent`) and of a stroke (`s-accent`), so that the style sheet says what they are in
light and in dark. Only pictures of content have colours of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from handouts.document.nodes import Outlines
from handouts.figures.shapes import Circle, Command, Drawing, Path, Rectangle, Shape, TextLabel, outline_paths
from handouts.web.markup import NOTHING, Html, element, joined, text


def drawing_svg(drawing: Drawing, ident: str, title: str, alt: str, kind: str = "") -> Html:
    """Return a figure with its title and what it shows in words; its own words can be found and copied."""
    return element(
        "svg",
        element("title", text(title), id=f"{ident}-title") if title else NOTHING,
        element("desc", text(alt), id=f"{ident}-alt"),
        joined(map(_shape_svg, drawing.shapes)),
        class_=f"drawing {kind}".strip(),
        viewBox=_view_box(drawing.width, drawing.height),
        role="img",
        aria_labelledby=f"{ident}-title" if title else f"{ident}-alt",
        aria_describedby=f"{ident}-alt" if title else "",
    )


def sign_svg(drawing: Drawing, kind: str) -> Html:
    """Return a sign that repeats what the words beside it say, so that it is not read."""
    return element(
        "svg",
        joined(map(_shape_svg, drawing.shapes)),
        class_=kind,
        viewBox=_view_box(drawing.width, drawing.height),
        aria_hidden="true",
    )


def labelled_svg(drawing: Drawing, kind: str, label: str) -> Html:
    """Return a drawing that `label` says in words."""
    return element(
        "svg",
        joined(map(_shape_svg, drawing.shapes)),
        class_=kind,
        viewBox=_view_box(drawing.width, drawing.height),
        role="img",
        aria_label=label,
    )


def outlines_svg(picture: Outlines, alt: str, kind: str, *, one_bit: bool) -> Html:
    """Return a drawn picture of content; one without alt text is decoration."""
    drawing = Drawing(picture.width, picture.height, outline_paths(picture, picture.width, one_bit))
    return labelled_svg(drawing, kind, alt) if alt else sign_svg(drawing, kind)


def _view_box(width: float, height: float) -> str:
    """Return the part of the plane that a drawing shows."""
    return f"0 0 {_number(width)} {_number(height)}"


def _number(value: float) -> str:
    """Return a number with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _shape_svg(shape: Shape) -> Html:
    """Return one shape."""
    match shape:
        case Path():
            look = _paint(shape.fill, shape.stroke, shape.width)
            dash = " ".join(map(_number, shape.dash))
            cap = "butt" if shape.cap == "butt" and shape.stroke else ""
            return element("path", d=_path_data(shape.commands), stroke_dasharray=dash, stroke_linecap=cap, **look)
        case Circle():
            place = {"cx": _number(shape.x), "cy": _number(shape.y), "r": _number(shape.radius)}
            return element("circle", **place, **_paint(shape.fill, shape.stroke, shape.width))
        case Rectangle():
            corner = _number(shape.radius) if shape.radius else ""
            place = {"x": _number(shape.x), "y": _number(shape.y)}
            size = {"width": _number(shape.width), "height": _number(shape.height), "rx": corner}
            return element("rect", **place, **size, **_paint(shape.fill, shape.stroke, shape.edge))
        case TextLabel():
            return _label_svg(shape)
        case _:
            assert_never(shape)


def _paint(fill: str, stroke: str, width: float) -> dict[str, str]:
    """Return the attributes for the colours of a shape: roles as classes, literal colours as they are."""
    classes = [f"{kind}-{role}" for kind, role in (("f", fill), ("s", stroke)) if role and not role.startswith("#")]
    return {
        "class_": " ".join(classes),
        "fill": fill if fill.startswith("#") else "" if fill else "none",
        "stroke": stroke if stroke.startswith("#") else "",
        "stroke_width": _number(width) if stroke else "",
    }


def _path_data(commands: Iterable[Command]) -> str:
    """Return the commands of a path as SVG writes them."""
    return "".join(f"{verb}{' '.join(map(_number, values))}" for verb, values in commands)


def _label_svg(label: TextLabel) -> Html:
    """Return words in a drawing, a line below another; a space parts the lines where they are read or copied."""
    lines = [
        element("tspan", text(line), x=_number(label.x), y=_number(label.baseline + index * label.leading))
        for index, line in enumerate(label.lines)
    ]
    return element(
        "text",
        joined(lines, " "),
        class_=f"f-{label.colour}",
        font_size=_number(label.size),
        font_weight="700" if label.bold else "",
        text_anchor=label.align if label.align != "start" else "",
    )
