"""Labelled sentences, and how well they are found: for tests and benchmarks."""
