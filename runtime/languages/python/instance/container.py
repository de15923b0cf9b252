"""
What an image of ours starts: an HTTP server that hands every request to the function by its platform's contract, the same as
instances on a developer's machine use. It knows no platform: `start.json` beside it says all.
"""

import sys

if __name__ == "__main__":
    own = sys.path[0]
    from porchlight_bootstrap import container

    sys.path.remove(own)
    container.run(own)
