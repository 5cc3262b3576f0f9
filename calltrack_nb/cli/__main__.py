"""``python -m calltrack_nb.cli``: the command line from a checkout."""

from calltrack_nb.cli import main

if __name__ == "__main__":
    main()
