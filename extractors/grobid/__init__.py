"""Reading through a GROBID server: its structure, our typography, our tables."""
