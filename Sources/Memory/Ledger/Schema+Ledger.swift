extension Schema {
  /// The ledger: what people corrected, and the facts with the items they rest on. Facts follow their items: a fact shrinks with its
  /// sources and goes with the last of them.
  static let ledger = """
    CREATE TABLE correction (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      stream INTEGER REFERENCES stream(id) ON DELETE CASCADE,
      start INTEGER,
      end INTEGER,
      question TEXT NOT NULL,
      answer TEXT NOT NULL,
      author TEXT NOT NULL,
      written_at REAL NOT NULL,
      undone_at REAL,
      space INTEGER REFERENCES space(id),
      key BLOB,
      probes BLOB
    ) STRICT;
    CREATE TABLE fact (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      head TEXT NOT NULL,
      relation TEXT NOT NULL,
      value TEXT NOT NULL,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      confidence REAL NOT NULL
    ) STRICT;
    CREATE INDEX fact_key ON fact(stream, relation, head, end);
    CREATE INDEX fact_recent ON fact(stream, relation, end);
    CREATE TABLE fact_source (
      fact INTEGER NOT NULL REFERENCES fact(id) ON DELETE CASCADE,
      item INTEGER NOT NULL REFERENCES item(id) ON DELETE CASCADE,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      PRIMARY KEY (fact, start, item)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX fact_source_item ON fact_source(item);
    CREATE TRIGGER fact_source_delete AFTER DELETE ON fact_source BEGIN
      DELETE FROM fact WHERE id = old.fact AND NOT EXISTS (SELECT 1 FROM fact_source WHERE fact = old.fact);
      UPDATE fact SET start = (SELECT min(start) FROM fact_source WHERE fact = old.fact) WHERE id = old.fact AND start = old.start;
      UPDATE fact SET end = (SELECT max(end) FROM fact_source WHERE fact = old.fact) WHERE id = old.fact AND end = old.end;
    END;
    """
}
