"""A figure that does what a definition says, and nothing else: no picture file needed."""
