"""Call logs of many systems and countries, written as offices write them, with their truth."""
