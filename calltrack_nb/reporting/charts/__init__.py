"""Charts: each takes a result's table and gives a matplotlib figure."""
