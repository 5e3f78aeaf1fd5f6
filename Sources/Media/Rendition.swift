/// A size and cut in which a stage wants the sampled frames. Pictures are always upright (display matrix) and of square pixels (sample
/// aspect ratio).
package enum Rendition: Sendable, Hashable {
  /// The shorter side scaled to `from` with an antialiased bicubic filter, then a `side`×`side` square cut from the centre: what image
  /// classifiers expect. *Shape* three planes.
  case centreCrop(side: Int, from: Int)
  /// The whole picture scaled to a square, whatever its aspect. *Shape* three planes.
  case squeezed(side: Int)
  /// Scaled down to fit into `width`×`height` with its aspect kept, never enlarged. *Shape* `planes` is 3 for colour or 1 for grey
  /// (luma, full range).
  case fit(width: Int, height: Int, planes: Int)
}
