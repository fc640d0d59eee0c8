"""Many recordings: found in a tree or a list, coached here or on a cluster, kept as tables.

The tables and the cluster need the extra ``posecoach[clinic]``; one recording after the other on
this machine does not.
"""
