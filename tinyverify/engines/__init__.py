"""Engines: an obligation in, a result out. Each engine is a package of its own."""
