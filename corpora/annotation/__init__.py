"""Annotation with help: what a person is shown first, and what is proposed to them."""
