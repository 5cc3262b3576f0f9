"""The systems that are known: in ``shipped.toml``, or a module where that is not enough."""
