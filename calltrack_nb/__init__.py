"""A Jupyter analysis workbench for call tracking with recording insights."""
