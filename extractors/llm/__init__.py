"""What language models are asked, and what of their answers is believed."""
