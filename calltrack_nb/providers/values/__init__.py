"""How each kind of value is written, and what it is read into."""
