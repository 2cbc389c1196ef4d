"""Prompts for language models: versioned files, the schemas of their answers, and their loading."""
