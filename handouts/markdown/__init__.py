"""Read Markdown with fenced divs: from lines to a syntax tree with locations, from the tree to Document blocks.

`parse_markdown` reads lines, `check_names` compares names with those that exist, `for_audience` leaves what one
audience reads, `blocks_of` and `slides_of` make blocks of the Document. Only `block_parser` uses markdown-it-py.
Findings are gathered with file, line and column; nothing is raised and no file is read.
"""
