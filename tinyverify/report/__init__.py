"""Renderers: one file each, all of them from the one result model."""
