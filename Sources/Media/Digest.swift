import CFFmpeg
import Core
import Foundation

/// SHA-256 of a file's contents, as 64 hexadecimal digits.
///
/// *Throws* `unavailable` when the file cannot be read.
package func sha256(ofFileAt path: String) throws(MediaError) -> String {
  do {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    var digest = Digest()
    while let bytes = try file.read(upToCount: 1 << 20), !bytes.isEmpty {
      bytes.withUnsafeBytes { digest.update($0) }
    }
    return digest.finish()
  } catch {
    throw MediaError(.unavailable, "\(path): cannot be read for its digest: \(error.localizedDescription)")
  }
}

/// SHA-256 of bytes in memory, as 64 hexadecimal digits.
package func sha256(of bytes: [UInt8]) -> String {
  var digest = Digest()
  bytes.withUnsafeBytes { digest.update($0) }
  return digest.finish()
}

/// Owns libavutil's running SHA-256.
private struct Digest: ~Copyable {
  private let context: OpaquePointer

  init() {
    guard let allocated = av_sha_alloc(), av_sha_init(allocated, 256) >= 0 else { preconditionFailure("out of memory for a digest") }
    context = allocated
  }

  deinit { av_free(UnsafeMutableRawPointer(context)) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    av_sha_update(context, base, bytes.count)
  }

  mutating func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    av_sha_final(context, &digest)
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
