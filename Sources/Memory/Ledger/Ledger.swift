import Core

/// What is known of one relation, and how it changes when something more is claimed: a claim that repeats a value that still holds extends
/// it, any other begins a fact of its own, which closes what it replaces.
///
/// *Source* TiM, section 3.3 (insert, merge, forget); forgetting is superseding here: what was believed stays, with the time at which it ended.
struct Ledger: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    var id: Int64
    var head: String
    var relation: String
    var value: String
    /// From the first time it was claimed to the last.
    var range: TimeRange
  }

  enum Placement: Equatable {
    /// The claim repeats the entry of this index.
    case merge(Int)
    /// The claim is new, under this head: another reading's where it is one of the same.
    case insert(head: String)
  }

  /// Facts of one stream, in order of their starts.
  let entries: [Entry]

  init(entries: [Entry]) { self.entries = entries.sorted { ($0.range.start, $0.id) < ($1.range.start, $1.id) } }

  /// Two values of which one begins at most this long before the other was last seen replaced one another.
  static let overlap = MediaTime(seconds: 2)

  /// Where a claim belongs.
  func place(_ claim: Claim, over range: TimeRange) -> Placement {
    var same: Int?
    var head: String?
    for (index, entry) in entries.enumerated() where entry.relation == claim.relation && Rereading.isSame(entry.head, claim.head) {
      if entry.head == claim.head || head == nil { head = entry.head }
      guard Rereading.isSame(entry.value, claim.value), holds(index, at: range.start) else { continue }
      if let known = same, entries[known].range.end >= entry.range.end { continue }
      same = index
    }
    return same.map { .merge($0) } ?? .insert(head: head ?? claim.head)
  }

  private func holds(_ index: Int, at time: MediaTime) -> Bool {
    guard let next = successor(of: index) else { return true }
    return entries[next].range.start > time || time <= entries[index].range.end + Self.overlap
  }

  /// The entry that replaced another: the first one of the same head and relation with another value that begins when the other is gone.
  /// Values that stand side by side replace nothing.
  func successor(of index: Int) -> Int? {
    let entry = entries[index]
    guard ClaimReader.isFunctional(entry.relation) else { return nil }
    let gone = max(entry.range.start + MediaTime(nanoseconds: 1), entry.range.end - Self.overlap)
    var (low, high) = (index + 1, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].range.start < gone { low = middle + 1 } else { high = middle }
    }
    return entries[low...].firstIndex {
      $0.relation == entry.relation && $0.head == entry.head && !Rereading.isSame($0.value, entry.value)
    }
  }
}
