"""What the front door adds to the rooms: one function for each whole job (see ``posecoach``)."""
