"""Read what the handout of a topic can be had in too: large print, audio, sign language and the like.

Takes a list in topic.yaml. An address that does not begin with https://, and a web page without one, are findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from handouts.finding import error
from handouts.library import OtherFormatEntry
from handouts.load.content_keys import MAX_OTHER_FORMATS, OTHER_FORMAT
from handouts.load.field_reader import FieldReader, open_fields
from handouts.load.yaml_nodes import MappingNode, SequenceNode
from handouts.service import web_address_error

_KEY, _PAGE = "other_formats", "web-page"


def read_other_formats(topic: FieldReader, audiences: Collection[str]) -> tuple[OtherFormatEntry, ...]:
    """Return the other formats that a topic lists, in their order."""
    node = topic.node(_KEY)
    if not isinstance(node, SequenceNode):
        if isinstance(node, MappingNode):
            topic.wrong_type(node, "a list", "begin each one with - format:")
        else:
            topic.items(_KEY)  # adds the finding that it is no list
        return ()
    if len(node.items) > MAX_OTHER_FORMATS:
        message = f"There are {len(node.items)} other formats."
        topic.findings.append(error("too-many", message, node.at, f"{MAX_OTHER_FORMATS} are the most"))
        return ()
    return tuple(_read_all(node, topic, audiences))


def _read_all(node: SequenceNode, topic: FieldReader, audiences: Collection[str]) -> Iterator[OtherFormatEntry]:
    """Yield the formats that can be read."""
    for item in node.items:
        reading = open_fields(item, topic.findings, OTHER_FORMAT)
        name, address = reading.choice("format"), read_web_address(reading, "address")
        if name == _PAGE and not reading.text("address"):
            message = "A web page needs its address."
            topic.findings.append(error("missing-key", message, reading.at, "add address: https://…"))
        if name:
            yield OtherFormatEntry(
                name, address, reading.names("for", audiences), reading.words("languages"), reading.at
            )


def read_web_address(reading: FieldReader, key: str) -> str:
    """Return an address on the web, or "" if there is none; one that does not begin with https:// is a finding."""
    address = reading.text(key)
    found = web_address_error(address, reading.place(key))
    if found:
        reading.findings.append(found)
        return ""
    return address
