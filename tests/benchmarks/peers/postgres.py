"""PostgreSQL's own ranking over jieba's words."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.benchmarks.peers.material import TOP, Material, Search, cut


def ts_rank(material: Material, connection: Connection) -> Search:
    """Return a search by ts_rank, in an empty database with the configuration `simple` and a GIN index."""
    connection.execute(text("CREATE TABLE peer (place INTEGER PRIMARY KEY, terms TSVECTOR NOT NULL)"))
    insert = text("INSERT INTO peer VALUES (:place, to_tsvector('simple', :words))")
    rows = [{"place": place, "words": " ".join(words)} for place, words in enumerate(material.words)]
    connection.execute(insert, rows)
    connection.execute(text("CREATE INDEX ix_peer ON peer USING gin (terms)"))
    connection.execute(text("ANALYZE peer"))
    query_text = "replace(CAST(plainto_tsquery('simple', :words) AS text), '&', '|')"
    select = text(
        f"SELECT place FROM peer, CAST({query_text} AS tsquery) AS query WHERE terms @@ query"
        f" ORDER BY ts_rank(terms, query) DESC, place LIMIT {TOP}"
    )

    def find(query: str) -> list[int]:
        return list(connection.scalars(select, {"words": " ".join(cut(query))}))

    return find
