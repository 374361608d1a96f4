"""How one track leads to another: what a change of tempo, key, loudness, energy and timbre costs, and arcs of energy.

Pure functions of arrays; a cost lies in [0, 1], 0 being a change that nobody notices.
"""
