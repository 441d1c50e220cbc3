"""`handouts open`: a server on this machine, and the page in which a project is read, written and made.

The server answers on 127.0.0.1 alone, and only to who has the token of its start. A `Session` holds the project as it
is now; views, pictures and places are made of it. Imported by `handouts open` and `handouts preview` alone.
"""
