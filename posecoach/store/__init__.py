"""What is kept of sessions on this machine: recording, reading, replaying, forgetting.

The store imports session and coach values; neither of them knows of it.
"""
