"""Odd inputs by the thousand: valid things of ours, changed at random, and how each is taken."""
