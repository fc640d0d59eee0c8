"""PoseCoach: a webcam pose-form checker for stretches."""

__version__ = "0.2.0"
