import CFFmpeg
import Foundation

/// The bytes of a pipe or of a growing file, read without ever waiting where nothing can interrupt.
///
/// FFmpeg asks its interrupt callback between reads and not inside them, so a read from a pipe nobody writes to would never end. Here the
/// descriptor does not block, and waiting is a `poll` of at most `patience`.
final class PolledFile {
  private let descriptor: Int32
  private let path: String?
  private let kind: LiveSource.Kind
  private let interruption: Interruption
  private var position: Int64 = 0
  private var identity: (device: dev_t, inode: ino_t)
  /// Whether it is a finished file that can be read in any order, and ends where it ends.
  let isWhole: Bool
  private var lastLook = ContinuousClock.now
  /// Why reading ended, where it did not simply end.
  private(set) var ending: String?

  private static let patience: Int32 = 20
  private static let lookEvery = Duration.milliseconds(200)
  /// Bytes FFmpeg asks for at once.
  static let block: Int32 = 32 << 10

  init(_ source: LiveSource, _ interruption: Interruption) throws(LiveFault) {
    kind = source.kind
    path = source.path
    self.interruption = interruption
    if let path = source.path {
      descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw LiveFault.of(ffmpeg_error_from_errno(errno), source, at: .opening, logged: "")
      }
    } else {
      descriptor = dup(STDIN_FILENO)
      guard descriptor >= 0 else { throw LiveFault(.ended, "standard input is closed") }
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw LiveFault(.absent, "\(source.display): \(String(cString: strerror(errno)))") }
    identity = (status.st_dev, status.st_ino)
    let layout = kind == .file ? Self.layout(of: descriptor, size: Int64(status.st_size)) : .followed
    isWhole = layout == .whole
    if layout == .unfinished {
      throw LiveFault(.absent, "\(source.display): this MP4 can be read when it is finished; write a fragmented one to follow it live")
    }
  }

  private static func layout(of descriptor: Int32, size: Int64) -> MP4Layout {
    MP4Layout(size: size) { position, count in
      var bytes = [UInt8](repeating: 0, count: count)
      let got = pread(descriptor, &bytes, count, off_t(position))
      return Array(bytes.prefix(max(0, got)))
    }
  }

  deinit { close(descriptor) }

  func read(_ buffer: UnsafeMutablePointer<UInt8>, _ count: Int32) -> Int32 {
    while !interruption.fire() {
      #if canImport(Glibc)
        let got = Glibc.read(descriptor, buffer, Int(count))
      #else
        let got = Darwin.read(descriptor, buffer, Int(count))
      #endif
      if got > 0 {
        position += Int64(got)
        return Int32(got)
      }
      if got < 0, errno != EAGAIN, errno != EINTR { return ffmpeg_error_from_errno(errno) }
      if got == 0, hasEnded() { return ffmpeg_error_eof }
      wait(isEnd: got == 0)
    }
    return ffmpeg_error_exit
  }

  private func wait(isEnd: Bool) {
    // At the end of a file, or of a pipe without a writer, a descriptor is always ready: only time helps.
    guard !isEnd else {
      _ = poll(nil, 0, Self.patience)
      return
    }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&waiting, 1, Self.patience)
  }

  /// Whether no more can come through this descriptor.
  private func hasEnded() -> Bool {
    switch kind {
    case .fifo:
      if position > 0 { ending = "the writer of the pipe left" }
      return position > 0
    case .file: return isWhole || wasReplaced()
    default: return true
    }
  }

  /// A file that was cut or replaced would be read on in its middle, or never again.
  private func wasReplaced() -> Bool {
    guard let path, ContinuousClock.now - lastLook >= Self.lookEvery else { return false }
    lastLook = ContinuousClock.now
    var status = stat()
    guard stat(path, &status) == 0 else {
      ending = "the file was removed"
      return true
    }
    if status.st_ino != identity.inode || status.st_dev != identity.device {
      ending = "the file was replaced by another"
    } else if Int64(status.st_size) < position {
      ending = "the file was cut and written again"
    }
    return ending != nil
  }

  /// Goes to a place in a whole file, or tells how long it is.
  func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return -1 }
    let size = Int64(status.st_size)
    let target: Int64
    switch whence & ~AVSEEK_FORCE {
    case AVSEEK_SIZE: return size
    case SEEK_SET: target = offset
    case SEEK_CUR: target = position &+ offset
    case SEEK_END: target = size &+ offset
    default: return -1
    }
    guard target >= 0, lseek(descriptor, off_t(target), SEEK_SET) >= 0 else { return -1 }
    position = target
    return target
  }

  /// An I/O context that reads through this object, which must outlive it.
  func context() -> UnsafeMutablePointer<AVIOContext>? {
    guard let buffer = av_malloc(Int(Self.block)) else { return nil }
    let context = avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self), Self.block, 0, Unmanaged.passUnretained(self).toOpaque(),
      { opaque, buffer, count in
        guard let opaque, let buffer else { return ffmpeg_error_eof }
        return Unmanaged<PolledFile>.fromOpaque(opaque).takeUnretainedValue().read(buffer, count)
      }, nil,
      { opaque, offset, whence in
        guard let opaque else { return -1 }
        return Unmanaged<PolledFile>.fromOpaque(opaque).takeUnretainedValue().seek(offset, whence)
      })
    if !isWhole {
      context?.pointee.seek = nil
      context?.pointee.seekable = 0
    }
    return context
  }
}
