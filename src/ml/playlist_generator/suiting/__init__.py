"""How well tracks suit what was asked, part by part, each in [0, 1]."""
