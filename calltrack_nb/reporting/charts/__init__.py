"""Charts: each takes a result's table and gives a matplotlib figure.

A cell that ends with one shows it. Its axes are there to restyle before that:
``chart.axes[0].set_title("Mine")``, ``chart.set_size_inches(10, 3)``.
"""
