import Core
import Foundation
import Testing

@testable import Neural

@Suite struct SafetensorsFileTests {
  /// Writes a file of that header and data, opens it, and removes it.
  private func open<R>(header: String, length: UInt64? = nil, data: [UInt8], _ body: (SafetensorsFile) throws -> R) throws -> R {
    var bytes = Data()
    let head = Data(header.utf8)
    withUnsafeBytes(of: (length ?? UInt64(head.count)).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(head)
    bytes.append(contentsOf: data)
    return try open(bytes, body)
  }

  private func open<R>(_ bytes: Data, _ body: (SafetensorsFile) throws -> R) throws -> R {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).safetensors")
    try bytes.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(SafetensorsFile(url: url))
  }

  @Test("32-bit, half and bfloat numbers are read at any alignment, and other types are refused only when asked for")
  func types() throws {
    let header = """
      {"__metadata__":{"format":"pt"},"counter":{"dtype":"I64","shape":[],"data_offsets":[0,8]},\
      "b":{"dtype":"BF16","shape":[3],"data_offsets":[8,14]},"h":{"dtype":"F16","shape":[3,3],"data_offsets":[14,32]},\
      "f":{"dtype":"F32","shape":[2,1],"data_offsets":[32,40]},"none":{"dtype":"F32","shape":[0,4],"data_offsets":[40,40]}}
      """
    let halves: [Float16] = [0, 1, -2, 65504, 0.333, 5.96e-8, -0.0, .infinity, 1e-5]
    var data = [UInt8](repeating: 7, count: 8)
    for value: Float in [1.5, -3, 256] { withUnsafeBytes(of: UInt16(value.bitPattern >> 16)) { data += $0 } }
    for value in halves { withUnsafeBytes(of: value) { data += $0 } }
    for value: Float in [0.1, .nan] { withUnsafeBytes(of: value) { data += $0 } }
    try open(header: header, data: data) { file in
      #expect(file.names == ["b", "counter", "f", "h", "none"])
      #expect(try file.tensor("b") == Tensor(shape: [3], values: [1.5, -3, 256]))
      #expect(try file.tensor("h", shape: [3, 3]).values == halves.map(Float.init))
      #expect(try file.halves("h").bits == halves.map(\.bitPattern))
      #expect(try file.halves("b").bits == [Float16(1.5), -3, 256].map(\.bitPattern))
      let f = try file.tensor("f")
      #expect(f.shape == [2, 1] && f.values[0] == 0.1 && f.values[1].isNaN)
      #expect(try file.tensor("none").values.isEmpty)
      #expect(throws: NeuralError.self) { try file.tensor("counter") }
      #expect(throws: NeuralError.self) { try file.tensor("absent") }
      #expect(throws: NeuralError.self) { try file.tensor("h", shape: [9]) }
    }
  }

  struct HostileHeader: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var header: String
    var data: Int
    init(_ name: String, _ header: String, _ data: Int) { (testDescription, self.header, self.data) = (name, header, data) }
  }

  static let hostile: [HostileHeader] = [
    HostileHeader("empty object over data", "{}", 4),
    HostileHeader("not JSON", "{\"a\":", 0),
    HostileHeader("an array", "[1,2]", 0),
    HostileHeader("not UTF-8 after all", "{\"a\u{0}\":1}", 0),
    HostileHeader("deep nesting", String(repeating: "[", count: 100_000), 0),
    HostileHeader("an entry that is a number", "{\"a\":5}", 0),
    HostileHeader("a null", "{\"a\":null}", 0),
    HostileHeader("no offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4),
    HostileHeader("three offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}", 4),
    HostileHeader("fractional offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0.5,4.5]}}", 4),
    HostileHeader("offsets as text", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[\"0\",\"4\"]}}", 4),
    HostileHeader("negative offset", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-4,4]}}", 4),
    HostileHeader("backward offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4),
    HostileHeader("past the end", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4),
    HostileHeader("huge offset", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,1e300]}}", 4),
    HostileHeader("offset beyond 64 bits", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999999999999]}}", 4),
    HostileHeader("unknown type", "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
    HostileHeader("type as number", "{\"a\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
    HostileHeader("wrong span", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4),
    HostileHeader("negative shape", "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-1],\"data_offsets\":[0,4]}}", 4),
    HostileHeader(
      "overflowing shape",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904,4611686018427387904],\"data_offsets\":[0,4]}}", 4
    ),
    HostileHeader(
      "overlap",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8
    ),
    HostileHeader(
      "hole",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}", 12
    ),
    HostileHeader("bytes left over", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 5),
    HostileHeader(
      "the same name twice",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8
    ),
  ]

  @Test("a hostile header is an error of one line that names the file", arguments: hostile)
  func hostileHeader(item: HostileHeader) {
    let error = #expect(throws: NeuralError.self) {
      try open(header: item.header, data: [UInt8](repeating: 0, count: item.data)) { _ in }
    }
    #expect(error?.code == .corruptInput)
    #expect(error?.message.contains(".safetensors") == true)
  }

  @Test(
    "a length that lies, a truncated file and bytes that are not text are errors", arguments: [UInt64.max, 1 << 62, 100_000_001, 50, 1, 0])
  func hostileLength(length: UInt64) {
    #expect(throws: NeuralError.self) { try open(header: "{}", length: length, data: []) { _ in } }
    #expect(throws: NeuralError.self) { try open(Data([2, 0, 0, 0, 0, 0, 0])) { _ in } }
    #expect(throws: NeuralError.self) { try open(Data()) { _ in } }
    #expect(throws: NeuralError.self) { try open(Data([4, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0xFF, 0xFE, 0x7D])) { _ in } }
  }

  @Test("two thousand damaged headers never crash the reader")
  func mutations() throws {
    let header = Array(
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[8,12]}}"
        .utf8)
    var numbers = SeededNumbers(seed: 11)
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    for _ in 0..<2_000 {
      var bytes = [UInt8](repeating: 0, count: 8) + header + [UInt8](repeating: 1, count: 12)
      bytes[0] = UInt8(header.count)
      for _ in 0..<Int.random(in: 1...3, using: &numbers) {
        bytes[Int.random(in: 0..<bytes.count - 12, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
      }
      try Data(bytes).write(to: url)
      if let file = try? SafetensorsFile(url: url) { for name in file.names { _ = try? file.tensor(name) } }
    }
  }

  @Test("a file that is not there is unavailable")
  func missing() {
    let error = #expect(throws: NeuralError.self) { try SafetensorsFile(url: URL(fileURLWithPath: "/no/such/model.safetensors")) }
    #expect(error?.code == .unavailable)
  }
}
