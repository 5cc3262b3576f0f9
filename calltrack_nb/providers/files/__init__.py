"""Files as they come: opened by their content, and cut into columns of text."""
