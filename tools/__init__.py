"""Commands for those who work on PoseCoach; no part of what is installed."""
