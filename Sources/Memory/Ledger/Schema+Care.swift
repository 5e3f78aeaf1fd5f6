extension Schema {
  /// What a person wants kept, and which stretch reminds of which earlier one.
  static let care = """
    CREATE TABLE pin (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      written_at REAL NOT NULL
    ) STRICT;
    CREATE INDEX pin_stream ON pin(stream, start);
    CREATE TABLE reminder (
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      start INTEGER NOT NULL,
      earlier INTEGER NOT NULL,
      cosine REAL NOT NULL,
      PRIMARY KEY (stream, start, earlier)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reminder_earlier ON reminder(stream, earlier);
    UPDATE stream SET configuration = json_patch('{"retention":{"reminders":0,"reminderSimilarity":0.7}}', configuration);
    """
}
