import Foundation

/// The vectors of up to 32 rows whose numbers follow one another, as they are stored: which of the rows have one, and those vectors in order.
struct VectorPage {
  /// Rows of one page: row `n` has place `n % 32` in page `n / 32`, so its vector is found from its number alone.
  static let size: Int64 = 32

  /// A bit for each place that holds a vector.
  private(set) var places: UInt32 = 0
  /// The vectors in order of their places, all of one length, nothing between them.
  private(set) var bytes = Data()

  /// An empty page, which is never stored.
  init() {}

  /// A stored page; nil for one that no program of ours wrote.
  init?(places: Int64, bytes: Data) {
    guard let places = UInt32(exactly: places), places != 0, !bytes.isEmpty, bytes.count % places.nonzeroBitCount == 0 else { return nil }
    self.places = places
    self.bytes = bytes
  }

  static func number(of row: Int64) -> Int64 { row >> 5 }
  private static func place(of row: Int64) -> Int { Int(row & (size - 1)) }

  var isEmpty: Bool { places == 0 }

  /// The bytes of one vector; 0 in an empty page.
  var length: Int { isEmpty ? 0 : bytes.count / places.nonzeroBitCount }

  /// The numbers of the rows, in order, when this is page `number`.
  func rows(_ number: Int64) -> [Int64] {
    (0..<Self.size).filter { places & (1 << UInt32($0)) != 0 }.map { (number << 5) | $0 }
  }

  /// Where the vector of a row lies in `bytes`; empty, where it belongs, when there is none.
  private func span(_ place: Int) -> Range<Int> {
    let start = (places & ((1 << UInt32(place)) - 1)).nonzeroBitCount * length
    return start..<(start + (places & (1 << UInt32(place)) != 0 ? length : 0))
  }

  /// nil when the row has none.
  func vector(of row: Int64) -> Data? {
    let span = span(Self.place(of: row))
    return span.isEmpty ? nil : bytes[span]
  }

  /// Puts a vector in, in the place of the row's old one.
  ///
  /// - Returns: false, with nothing changed, for a vector of another length than the others.
  mutating func insert(_ vector: Data, for row: Int64) -> Bool {
    guard !vector.isEmpty, isEmpty || vector.count == length else { return false }
    let place = Self.place(of: row)
    bytes.replaceSubrange(span(place), with: vector)
    places |= 1 << UInt32(place)
    return true
  }

  mutating func remove(_ row: Int64) {
    let place = Self.place(of: row)
    bytes.removeSubrange(span(place))
    places &= ~(1 << UInt32(place))
  }
}
