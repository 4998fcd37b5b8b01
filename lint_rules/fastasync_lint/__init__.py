"""Find the calls that block the event loop.

`check` is the one way in: paths and settings in, a `Report` of findings and problems out.
"""
