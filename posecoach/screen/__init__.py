"""What a person sees while practising: pictures of moments, and the window they stand in.

Import from the modules: ``paint.draw`` makes the picture (pure), ``window.Window`` shows it,
``display.display_available`` tells beforehand whether a window can be opened.
"""
