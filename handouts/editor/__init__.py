"""`handouts open`: a server on this machine, and the page in which a project is read, written and made.

The server listens on 127.0.0.1 alone and answers only requests with the token of this run. A `Session` holds the
present state of the project, from which views, pictures and places are made. Only `handouts open` and `preview` import
this room.
"""
