"""What a person reads later: the report of a session, and how it went over the weeks.

Reads what the store hands out and writes nothing back. ``gather`` turns a stored session into
facts (plain frozen values, every number with its uncertainty); ``page``, ``tables`` and
``pdf`` write the same facts down for different readers, ``written`` as the file that is asked for.
"""
