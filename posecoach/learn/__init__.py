"""Learning a stretch from somebody who does it: measured values in, a definition out."""
