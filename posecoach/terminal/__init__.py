"""Whose words reach the terminal: ours. Everything else goes into a log file.

Native libraries write to descriptors 1 and 2 at any time, from loading to exit, in words that
change with each release. So the command line, and it alone, gives its own text descriptors of
its own and points 1 and 2 at a file for the whole life of the process (``own``); a library's
words are then out of the way whatever they are, and none is lost. ``import posecoach`` does
nothing of this: a program that uses PoseCoach keeps its descriptors as they are.
"""

from posecoach.terminal.aside import in_use, join, note, own
from posecoach.terminal.ending import orderly
from posecoach.terminal.failing import tell, told_at_the_end
from posecoach.terminal.log import log_path, open_log

__all__ = [
    "in_use",
    "join",
    "log_path",
    "note",
    "open_log",
    "orderly",
    "own",
    "tell",
    "told_at_the_end",
]
