"""Build the requested files: plan them, render what is new in worker processes, verify it and write it.

Errors in options, content or templates, and text that does not fit, stop a build before its first file; an error in
drawing, verifying or writing costs only that file. The only room that writes. Never reads the clock.
"""
