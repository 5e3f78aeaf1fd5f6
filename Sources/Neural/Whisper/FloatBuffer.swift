/// Working memory a model keeps between calls, so that its loops allocate nothing.
///
/// Grows on demand and never shrinks; its contents are undefined after `reserve` has grown it.
final class FloatBuffer {
  private(set) var pointer: UnsafeMutablePointer<Float>
  private(set) var count: Int

  init(count: Int = 0) {
    self.count = max(count, 1)
    pointer = .allocate(capacity: self.count)
    pointer.initialize(repeating: 0, count: self.count)
  }

  deinit { pointer.deallocate() }

  /// The memory, with room for at least `count` numbers.
  func reserve(_ count: Int) -> UnsafeMutablePointer<Float> {
    if count > self.count {
      pointer.deallocate()
      pointer = .allocate(capacity: count)
      pointer.initialize(repeating: 0, count: count)
      self.count = count
    }
    return pointer
  }
}
