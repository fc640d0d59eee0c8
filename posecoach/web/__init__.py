"""The same coach as a page in the browser, served on this machine only.

Stands at the right end of the house: it brings frames from the browser to ``practice`` and what
screen and voice decide back to the page, as data. Nothing here or in ``static/`` knows how a
stretch is coached.
"""
