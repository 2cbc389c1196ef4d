"""Browsing and curating the database in a web browser: pages, their data, the JSON API."""
