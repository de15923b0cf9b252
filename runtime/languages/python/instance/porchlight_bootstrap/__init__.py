"""Our code inside Python instances. Standard library only, Python 3.8 and newer; it knows no platform."""
