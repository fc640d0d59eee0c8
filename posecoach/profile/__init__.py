"""A person: how far they can move, what they prefer, and how both are found out."""
