extension MemoryVerification {
  /// What no correction and no fact of a sound memory is.
  static let ledger: [(sql: String, says: String)] = [
    (
      "SELECT id FROM correction WHERE (start IS NULL) <> (end IS NULL) OR end < start",
      "correction %@: its range makes no sense"
    ),
    (
      """
      SELECT correction.id FROM correction LEFT JOIN space ON space.id = space WHERE (space IS NULL) <> (key IS NULL)
        OR (space IS NULL) <> (probes IS NULL) OR length(probes) % (2 * dimensions) <> 0
      """, "correction %@: its vectors do not fit their space"
    ),
    (
      """
      SELECT id FROM fact WHERE (start, end) IS NOT (SELECT min(start), max(end) FROM fact_source WHERE fact = fact.id)
      """, "fact %@: its range is not that of its sources"
    ),
    (
      """
      SELECT fact AS id FROM fact_source JOIN fact ON fact.id = fact JOIN item ON item.id = item
      WHERE item.stream <> fact.stream OR item.start <> fact_source.start OR item.end <> fact_source.end
      """, "fact %@: a source is not the item it names"
    ),
    ("SELECT id FROM pin WHERE end <= start", "pin %@: its range makes no sense"),
    (
      "SELECT start AS id FROM reminder WHERE \(Reminder.isBroken) OR earlier >= start",
      "link from %@: it leads from or to what is not there"
    ),
  ]
}
