"""What there is to make playlists of: every track of the workspace, as columns."""
