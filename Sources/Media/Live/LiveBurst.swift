import CFFmpeg
import Core

/// What a source had sent already when it was first looked at: packets read while finding out what it sends, and what it sends at once when asked.
///
/// The last of them comes now and the first does not, so all are read before any is placed on the stream's clock.
struct LiveBurst: ~Copyable {
  private var queue = PacketQueue()
  /// What reading gave after the last packet; 0 while it may go on.
  private var result: Int32 = 0

  /// A packet that had to be waited for longer than this was not there already.
  private static let wait = Duration.milliseconds(10)
  private static let longest = Duration.milliseconds(500)
  private static let most = (packets: 4000, bytes: 64 << 20)

  /// Reads until the source has to be waited for.
  mutating func read(_ container: borrowing LiveContainer, into packet: borrowing NativePacket) {
    let began = ContinuousClock.now
    var before = began
    repeat {
      before = .now
      result = container.read(into: packet)
      guard result >= 0 else { return }
      queue.append(taking: packet.pointer)
    } while ContinuousClock.now - before < Self.wait && before - began < Self.longest && queue.count < Self.most.packets
      && queue.bytes < Self.most.bytes
  }

  /// The next packet; nil when there is none and reading goes on, or the result of reading where it failed.
  mutating func next(into packet: borrowing NativePacket) -> Int32? {
    if let first = queue.packets.first {
      av_packet_move_ref(packet.pointer, first)
      queue.drop(first: 1)
      return 0
    }
    guard result < 0 else { return nil }
    defer { result = 0 }
    return result
  }

  /// How much later the last packet of some streams begins than the first that comes, by their own time, in nanoseconds.
  func length(of streams: [Int32], _ timeBase: (Int32) -> AVRational) -> Int64 {
    var (first, last): (Int64?, Int64) = (nil, .min)
    for packet in queue.packets where streams.contains(packet.pointee.stream_index) {
      let stamp = packet.pointee.dts != ffmpeg_nopts_value ? packet.pointee.dts : packet.pointee.pts
      guard stamp != ffmpeg_nopts_value else { continue }
      let time = StreamClock.nanoseconds(stamp, timeBase(packet.pointee.stream_index))
      first = first ?? time
      last = max(last, time)
    }
    guard let first, last > first, last.subtractingReportingOverflow(first).overflow == false else { return 0 }
    return last - first
  }
}
