"""The cellar: what every floor above stands on, and knows nothing of music."""
