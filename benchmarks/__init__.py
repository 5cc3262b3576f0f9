"""Measurements of speed and truth; ``python -m benchmarks NAME`` runs one."""
