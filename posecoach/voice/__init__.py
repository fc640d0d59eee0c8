"""What a person hears while practising.

``script`` decides what is said (pure), ``desk`` what of it is still worth saying when the
voice is busy (pure), ``speaker`` and ``tones`` make sound through the system, and
``voice.Voice`` puts them together off the coaching thread.
"""
