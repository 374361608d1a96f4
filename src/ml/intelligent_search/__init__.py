"""Search: by words, by sound, by covers, by voice."""
