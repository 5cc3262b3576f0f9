"""Simulators with known truth, for tests, benchmarks and the sample.

Nothing here is needed to run a report; each module is imported by its own name.
"""
