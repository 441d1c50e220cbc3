"""The Document: the only contract between what is written and what is rendered.

`nodes` holds every node, `text` the words that a node says and the text form that tests compare and hashes are
taken of. Knows nothing of content files, templates or renderers.
"""
