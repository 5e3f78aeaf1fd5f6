import Core

/// A picture as a baseline JPEG file.
///
/// *Units* `quality` is 1 (smallest) to 100 (best).
package func jpeg(_ picture: Picture, quality: Int) throws(MediaError) -> [UInt8] {
  throw MediaError(.unavailable, "JPEG is not built in yet")
}
