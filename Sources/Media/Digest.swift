import Core

/// SHA-256 of a file's contents, as 64 hexadecimal digits.
package func sha256(ofFileAt path: String) throws(MediaError) -> String {
  throw MediaError(.unavailable, "digests are not built in yet")
}

/// SHA-256 of bytes in memory, as 64 hexadecimal digits.
package func sha256(of bytes: [UInt8]) -> String { "" }
