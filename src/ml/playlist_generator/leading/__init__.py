"""Lists that lead from one track to another, and tracks in the order in which they lead to each other."""
