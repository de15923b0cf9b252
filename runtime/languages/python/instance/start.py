"""The first code of every Python instance: finds the bootstrap, and leaves no trace of its folder on the user's path."""

import sys

if __name__ == "__main__":
    # A process that the user's code starts by `multiprocessing` runs this file as well, under another name.
    own = sys.path[0]
    from porchlight_bootstrap import main

    sys.path.remove(own)
    main.run()
