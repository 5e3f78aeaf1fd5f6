import Foundation

/// How far an MP4 file has been written, by its outermost boxes.
///
/// An ordinary MP4 says at its end where everything is: until it is finished nothing in it can be found, and then it is a whole file like any
/// other. A fragmented one can be followed while it grows.
enum MP4Layout: Equatable {
  /// No MP4, or one that can be read as it grows.
  case followed
  /// An ordinary MP4 that is still being written.
  case unfinished
  /// An ordinary MP4 with all its parts.
  case whole

  /// More outermost boxes than these before the media itself are no ordinary MP4.
  private static let most = 64

  /// - Parameters:
  ///   - size: the file's.
  ///   - read: up to so many bytes at a position.
  init(size: Int64, read: (_ position: Int64, _ count: Int) -> [UInt8]) {
    var position: Int64 = 0
    var (hasIndex, hasMedia) = (false, false)
    self = .followed
    for number in 0..<Self.most where position < size {
      let head = read(position, 16)
      guard head.count >= 8 else { break }
      let kind = String(decoding: head[4..<8], as: UTF8.self)
      guard number > 0 || kind == "ftyp" else { return }
      if kind == "moof" { return }
      var length = Self.number(head[0..<4])
      if length == 1, head.count == 16 { length = Self.number(head[8..<16]) }
      if kind == "mdat" { hasMedia = true }
      // A length of 0, or a first guess at it, is filled in when the file is finished.
      guard length >= 8, length <= size - position else { break }
      if kind == "moov" { hasIndex = true }
      position += length
    }
    if hasMedia { self = hasIndex && position == size ? .whole : hasIndex ? .followed : .unfinished }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
    Int64(clamping: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
