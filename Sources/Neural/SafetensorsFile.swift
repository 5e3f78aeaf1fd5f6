import CKernels
import Core
import Foundation

/// Weights in the safetensors format, memory mapped: opening reads only the header, and a tensor is read when it is asked for.
///
/// The header is checked in full before anything is believed: sizes, offsets, types, and that the tensors cover the file exactly, without
/// overlap or hole. A file that breaks a rule gives an error naming the file, the tensor and the rule.
///
/// *Source*: the format's description in huggingface/safetensors, README.md.
package struct SafetensorsFile: Sendable {
  package enum ElementType: String, Sendable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"

    var byteCount: Int { self == .float32 ? 4 : 2 }
  }

  struct Entry: Sendable {
    /// Nil for a type we do not read (integer counters, for example): an error only when that tensor is asked for.
    var type: ElementType?
    var typeName: String
    var shape: [Int]
    /// Bytes of the file.
    var range: Range<Int>
  }

  /// The file, for error messages.
  package let url: URL
  private let contents: Data
  private let entries: [String: Entry]

  /// The largest header this program reads; Hugging Face's own readers stop at about the same size.
  static let headerLimit = 100_000_000

  /// - Throws: `NeuralError.unavailable` when the file cannot be read, `.corruptInput` when it is not a sound safetensors file.
  package init(url: URL) throws {
    self.url = url
    do {
      contents = try Data(contentsOf: url, options: .alwaysMapped)
    } catch {
      throw NeuralError(.unavailable, "cannot read the weights \(url.path): \((error as NSError).localizedDescription)")
    }
    do {
      entries = try Self.entries(in: contents)
    } catch let flaw as Flaw {
      throw NeuralError(.corruptInput, "\(url.path) is not a sound safetensors file: \(flaw.text)")
    }
  }

  /// All tensors in the file, sorted.
  package var names: [String] { entries.keys.sorted() }

  package func contains(_ name: String) -> Bool { entries[name] != nil }

  /// The shape of a tensor, without reading it; nil when there is none of that name.
  package func shape(of name: String) -> [Int]? { entries[name]?.shape }

  /// How a tensor is stored; nil when there is none of that name, or its type is not one we read.
  package func type(of name: String) -> ElementType? { entries[name]?.type }

  /// Reads one tensor, widened to 32 bits.
  ///
  /// - Parameter shape: what the model needs; nil accepts any.
  /// - Throws: `NeuralError.corruptInput` when it is missing, of another shape, or of a type that holds no real numbers.
  package func tensor(_ name: String, shape: [Int]? = nil) throws -> Tensor {
    let entry = try entry(name, shape: shape)
    guard let type = entry.type else {
      throw NeuralError(.corruptInput, "\(url.path): tensor \(name) is of type \(entry.typeName); F32, F16 and BF16 can be read")
    }
    let count = entry.range.count / type.byteCount
    let values = contents.withUnsafeBytes { bytes in
      [Float](unsafeUninitializedCapacity: count) { target, initialized in
        let source = UnsafeRawBufferPointer(rebasing: bytes[entry.range])
        if let to = target.baseAddress, let from = source.baseAddress {
          switch type {
          case .float32: UnsafeMutableRawPointer(to).copyMemory(from: from, byteCount: source.count)
          case .float16: kernels_widen_half(from, to, count)
          case .bfloat16: kernels_widen_bfloat(from, to, count)
          }
        }
        initialized = count
      }
    }
    return Tensor(shape: entry.shape, values: values)
  }

  /// Reads one tensor as IEEE half-precision bit patterns: exactly as stored for F16, rounded to nearest otherwise.
  ///
  /// - Throws: as `tensor(_:shape:)`.
  package func halves(_ name: String, shape: [Int]? = nil) throws -> (shape: [Int], bits: [UInt16]) {
    let entry = try entry(name, shape: shape)
    if entry.type == .float16 {
      let bits = contents.withUnsafeBytes { bytes in
        [UInt16](unsafeUninitializedCapacity: entry.range.count / 2) { target, initialized in
          UnsafeMutableRawBufferPointer(target).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[entry.range]))
          initialized = entry.range.count / 2
        }
      }
      return (entry.shape, bits)
    }
    let wide = try tensor(name, shape: shape)
    let bits = [UInt16](unsafeUninitializedCapacity: wide.values.count) { target, initialized in
      if let to = target.baseAddress { kernels_narrow_half(wide.values, to, wide.values.count) }
      initialized = wide.values.count
    }
    return (wide.shape, bits)
  }

  private func entry(_ name: String, shape: [Int]?) throws -> Entry {
    guard let entry = entries[name] else { throw NeuralError(.corruptInput, "\(url.path): tensor \(name) is missing") }
    if let shape, shape != entry.shape {
      throw NeuralError(.corruptInput, "\(url.path): tensor \(name) has shape \(entry.shape) instead of \(shape)")
    }
    return entry
  }
}

// MARK: - Header

extension SafetensorsFile {
  private struct Flaw: Error { var text: String }

  private static func entries(in contents: Data) throws -> [String: Entry] {
    guard contents.count >= 8 else { throw Flaw(text: "it has \(contents.count) bytes") }
    let length = contents.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length >= 2, length <= UInt64(headerLimit), length <= UInt64(contents.count - 8) else {
      throw Flaw(text: "its header claims \(length) bytes, the file has \(contents.count)")
    }
    let start = 8 + Int(length)
    let parsed: Any
    do {
      parsed = try JSONSerialization.jsonObject(with: contents.subdata(in: 8..<start))
    } catch {
      throw Flaw(text: "its header is not JSON")
    }
    guard let header = parsed as? [String: Any] else { throw Flaw(text: "its header is not a JSON object") }
    var entries: [String: Entry] = [:]
    for (name, value) in header where name != "__metadata__" {
      entries[name] = try entry(value, name: name, dataStart: start, dataCount: contents.count - start)
    }
    var next = start
    for (name, entry) in entries.sorted(by: {
      ($0.value.range.lowerBound, $0.value.range.upperBound) < ($1.value.range.lowerBound, $1.value.range.upperBound)
    }) {
      guard entry.range.lowerBound == next else {
        throw Flaw(text: "tensor \(name) \(entry.range.lowerBound < next ? "overlaps the one before it" : "leaves a hole before it")")
      }
      next = entry.range.upperBound
    }
    guard next == contents.count else { throw Flaw(text: "its last \(contents.count - next) bytes belong to no tensor") }
    return entries
  }

  private static func entry(_ value: Any, name: String, dataStart: Int, dataCount: Int) throws -> Entry {
    guard let fields = value as? [String: Any], let typeName = fields["dtype"] as? String, let shape = fields["shape"] as? [Int],
      let offsets = fields["data_offsets"] as? [Int]
    else { throw Flaw(text: "tensor \(name) lacks a dtype, a shape or data_offsets of whole numbers") }
    guard let width = byteCounts[typeName] else { throw Flaw(text: "tensor \(name) has the unknown type \(typeName)") }
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= dataCount else {
      throw Flaw(text: "tensor \(name) has data_offsets \(offsets) in \(dataCount) bytes of data")
    }
    var size = width
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { throw Flaw(text: "tensor \(name) has the impossible shape \(shape)") }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw Flaw(
        text: "tensor \(name) of shape \(shape) and type \(typeName) needs \(size) bytes, data_offsets give \(offsets[1] - offsets[0])")
    }
    return Entry(
      type: ElementType(rawValue: typeName), typeName: typeName, shape: shape,
      range: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  /// Bytes of one element, of every type of the format.
  private static let byteCounts = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4,
    "F64": 8,
    "I64": 8, "U64": 8,
  ]
}
