"""LaTeX sources: from a ``.tex`` file or an archive of them to a document."""
