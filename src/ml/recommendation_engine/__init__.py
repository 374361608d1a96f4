"""Recommendations from listening history."""
