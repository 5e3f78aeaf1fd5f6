import Core
import GRDB

/// The tables of a memory. `docs/memory.md` describes them; the version is SQLite's `user_version`.
enum Schema {
  /// SQLite's `application_id`: "Aftr".
  static let application = 0x4166_7472
  static var version: Int { steps.count }
  /// Of the row of an item: whether it is the name of a sound that is no more than a guess.
  static let isGuess = "(item.modality = '\(Modality.sound.rawValue)' AND item.confidence < \(SoundEvent.clear))"

  /// One per version, in order. A step that was released is never changed.
  private static let steps: [String] = [
    """
    CREATE TABLE stream (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      path TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      fingerprint TEXT NOT NULL,
      has_video INTEGER NOT NULL,
      has_sound INTEGER NOT NULL,
      started_at REAL,
      up_to INTEGER NOT NULL,
      finished INTEGER NOT NULL,
      configuration TEXT NOT NULL
    ) STRICT;
    CREATE TABLE stage (
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      state BLOB NOT NULL,
      PRIMARY KEY (stream, name)
    ) STRICT;
    CREATE TABLE space (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      dimensions INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE episode (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      open INTEGER NOT NULL,
      level INTEGER NOT NULL,
      tags TEXT NOT NULL,
      thumbnail TEXT
    ) STRICT;
    CREATE UNIQUE INDEX episode_start ON episode(stream, start);
    CREATE TABLE frame (
      id INTEGER PRIMARY KEY,
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      level INTEGER NOT NULL,
      tags TEXT NOT NULL,
      pooled_space INTEGER NOT NULL REFERENCES space(id),
      pooled BLOB NOT NULL,
      textual_space INTEGER REFERENCES space(id),
      textual BLOB,
      grid_rows INTEGER,
      grid_columns INTEGER,
      grid BLOB
    ) STRICT;
    CREATE UNIQUE INDEX frame_start ON frame(stream, start);
    CREATE TABLE frame_draft (
      frame INTEGER PRIMARY KEY REFERENCES frame(id) ON DELETE CASCADE,
      rest_rows INTEGER,
      rest_columns INTEGER,
      rest BLOB,
      thumbnail BLOB
    ) STRICT;
    CREATE TABLE item (
      id INTEGER PRIMARY KEY,
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      modality TEXT NOT NULL,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      text TEXT NOT NULL,
      confidence REAL NOT NULL,
      detail TEXT,
      space INTEGER REFERENCES space(id),
      embedding BLOB
    ) STRICT;
    CREATE INDEX item_start ON item(stream, start);
    CREATE VIRTUAL TABLE item_text USING fts5(
      text, content='item', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
    );
    CREATE TRIGGER item_insert AFTER INSERT ON item BEGIN
      INSERT INTO item_text(rowid, text) VALUES (new.id, new.text);
    END;
    CREATE TRIGGER item_delete AFTER DELETE ON item BEGIN
      INSERT INTO item_text(item_text, rowid, text) VALUES ('delete', old.id, old.text);
    END;
    CREATE TRIGGER item_update AFTER UPDATE ON item BEGIN
      INSERT INTO item_text(item_text, rowid, text) VALUES ('delete', old.id, old.text);
      INSERT INTO item_text(rowid, text) VALUES (new.id, new.text);
    END;
    """,
    // Levels 2 to 4, retention and the budget: what a row stands for, where its stretch of the episode is, and what it is worth.
    """
    CREATE TABLE frame_2 (
      id INTEGER PRIMARY KEY,
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      level INTEGER NOT NULL,
      tags TEXT NOT NULL,
      pooled_space INTEGER REFERENCES space(id),
      pooled BLOB,
      textual_space INTEGER REFERENCES space(id),
      textual BLOB,
      grid_rows INTEGER,
      grid_columns INTEGER,
      grid BLOB,
      frames INTEGER NOT NULL DEFAULT 1,
      run INTEGER,
      salience REAL NOT NULL DEFAULT 0,
      pinned INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO frame_2 (id, stream, start, end, level, tags, pooled_space, pooled, textual_space, textual, grid_rows, grid_columns, grid)
      SELECT id, stream, start, end, level, tags, pooled_space, pooled, textual_space, textual, grid_rows, grid_columns, grid FROM frame;
    CREATE TABLE frame_draft_2 (
      frame INTEGER PRIMARY KEY, rest_rows INTEGER, rest_columns INTEGER, rest BLOB, thumbnail BLOB
    ) STRICT;
    INSERT INTO frame_draft_2 SELECT frame, rest_rows, rest_columns, rest, thumbnail FROM frame_draft;
    DROP TABLE frame_draft;
    DROP TABLE frame;
    ALTER TABLE frame_2 RENAME TO frame;
    CREATE UNIQUE INDEX frame_start ON frame(stream, start);
    CREATE TABLE frame_draft (
      frame INTEGER PRIMARY KEY REFERENCES frame(id) ON DELETE CASCADE,
      rest_rows INTEGER,
      rest_columns INTEGER,
      rest BLOB,
      thumbnail BLOB
    ) STRICT;
    INSERT INTO frame_draft SELECT frame, rest_rows, rest_columns, rest, thumbnail FROM frame_draft_2;
    DROP TABLE frame_draft_2;
    CREATE INDEX episode_level ON episode(stream, level, end);
    CREATE TABLE landmark (
      id INTEGER PRIMARY KEY,
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      start INTEGER NOT NULL,
      vector BLOB NOT NULL
    ) STRICT;
    CREATE INDEX landmark_stream ON landmark(stream, id);
    DROP TRIGGER item_update;
    CREATE TRIGGER item_update AFTER UPDATE OF text ON item BEGIN
      INSERT INTO item_text(item_text, rowid, text) VALUES ('delete', old.id, old.text);
      INSERT INTO item_text(rowid, text) VALUES (new.id, new.text);
    END;
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    UPDATE stream SET configuration = json_patch(
      '{"pooling":{"strategy":"progressive","anchor":"first"},"retention":{"strategy":"salience","pooledSeconds":600,"anchorSeconds":3600,"representatives":8,"leastGain":0.5,"halfLifeHours":0,"landmarks":512,"landmarkNovelty":0.35}}',
      configuration);
    """,
    ledger,
    care,
    // What a stream holds of each kind and up to when, without reading its items.
    "CREATE INDEX item_end ON item(stream, modality, end);",
    pages,
  ]

  /// Brings a database of ours from `version` to the newest. Call inside a transaction.
  static func migrate(_ database: Database, from version: Int, to target: Int = Schema.version) throws {
    for step in steps[version..<target] {
      try database.execute(sql: step)
      if step == ledger { try FactWriter.derive(database) }
      if step == pages { try movePages(database) }
    }
    try database.execute(sql: "PRAGMA application_id = \(application); PRAGMA user_version = \(target)")
  }

  /// The version of a database of ours.
  ///
  /// *Throws* `misconfigured` for a database that is something else or from a newer version.
  static func check(_ database: Database, of folder: MemoryFolder) throws -> Int {
    guard try Int.fetchOne(database, sql: "PRAGMA application_id") == application else {
      throw MemoryError(.misconfigured, "\(folder.path) is not a memory: its memory.sqlite is another program's; use another path")
    }
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found <= version else {
      throw MemoryError(
        .misconfigured, "the memory \(folder.path) is of version \(found) and this program knows up to \(version); use a newer program")
    }
    guard found >= 1 else {
      throw MemoryError(.corruptInput, "the memory \(folder.path) says it has version \(found); restore it from a copy")
    }
    return found
  }
}
