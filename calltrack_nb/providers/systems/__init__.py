"""The layouts of the systems that calltrack_nb knows, one module for each."""
