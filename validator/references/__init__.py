"""Reference sets of superconductors: their files read, and records compared with them."""
