"""What must hold, stated once: the registry and one file a family."""
