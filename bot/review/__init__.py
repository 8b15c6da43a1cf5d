"""Vendor reviews: the responsibility matrix as a file, and questionnaires filled in."""
