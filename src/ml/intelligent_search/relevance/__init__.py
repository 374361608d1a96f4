"""How relevant what is found is: queries with judgements, measured, and one way to search against another."""

from ml.intelligent_search.relevance.files import read_judgements, read_queries, read_run, write_run
from ml.intelligent_search.relevance.measuring import Relevance, Versus, compare, measure

__all__ = ["Relevance", "Versus", "compare", "measure", "read_judgements", "read_queries", "read_run", "write_run"]
