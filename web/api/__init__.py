"""The JSON API, version 1: what it takes, what it gives, and its description in OpenAPI."""
