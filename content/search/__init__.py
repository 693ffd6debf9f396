"""Search of the corpus: the query language, the index, ranking and snippets.

Passages are found by what they say, not by where they are: one function, `search`, on both databases.
Nothing here writes markup; highlights are spans.
"""

from content.search.facets import DocumentCount, Facets, YearCount, count_facets
from content.search.finding import find_elsewhere, find_passages, search
from content.search.hits import Hit, Hits, Order, Place, Rerank
from content.search.index import ensure_index, find_fault, index_passages, rebuild_index, unindex_passages
from content.search.places import offer_places
from content.search.query import QUERY_CHARS, UNDATED, Description, Query, describe, narrow, parse_query
from content.search.showing import find_matches_in
from content.search.snippets import Snippet

__all__ = [
    "QUERY_CHARS",
    "UNDATED",
    "Description",
    "DocumentCount",
    "Facets",
    "Hit",
    "Hits",
    "Order",
    "Place",
    "Query",
    "Rerank",
    "Snippet",
    "YearCount",
    "count_facets",
    "describe",
    "ensure_index",
    "find_elsewhere",
    "find_fault",
    "find_matches_in",
    "find_passages",
    "index_passages",
    "narrow",
    "offer_places",
    "parse_query",
    "rebuild_index",
    "search",
    "unindex_passages",
]
