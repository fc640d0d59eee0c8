"""``python -m posecoach`` is the ``posecoach`` command."""

from posecoach.cli import main

if __name__ == "__main__":
    main()
