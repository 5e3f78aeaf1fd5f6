import CFFmpeg

/// Owns one compressed packet.
struct NativePacket: ~Copyable {
  let pointer: UnsafeMutablePointer<AVPacket>

  init() {
    guard let allocated = av_packet_alloc() else { preconditionFailure("out of memory for a packet") }
    pointer = allocated
  }

  deinit {
    var freed: UnsafeMutablePointer<AVPacket>? = pointer
    av_packet_free(&freed)
  }
}

/// Owns one decoded frame, reused from one decoded picture or stretch of sound to the next.
struct NativeFrame: ~Copyable {
  let pointer: UnsafeMutablePointer<AVFrame>

  init() {
    guard let allocated = av_frame_alloc() else { preconditionFailure("out of memory for a frame") }
    pointer = allocated
  }

  deinit {
    var freed: UnsafeMutablePointer<AVFrame>? = pointer
    av_frame_free(&freed)
  }
}

/// Owns compressed packets that wait for a decision, oldest first.
struct PacketQueue: ~Copyable {
  private(set) var packets: [UnsafeMutablePointer<AVPacket>] = []
  private(set) var bytes = 0

  var count: Int { packets.count }

  /// Takes the contents of a packet and leaves it empty.
  mutating func append(taking packet: UnsafeMutablePointer<AVPacket>) {
    guard let own = av_packet_alloc() else { preconditionFailure("out of memory for a packet") }
    av_packet_move_ref(own, packet)
    bytes += Int(own.pointee.size)
    packets.append(own)
  }

  mutating func drop(first count: Int) {
    for packet in packets.prefix(count) {
      bytes -= Int(packet.pointee.size)
      var freed: UnsafeMutablePointer<AVPacket>? = packet
      av_packet_free(&freed)
    }
    packets.removeFirst(min(count, packets.count))
  }

  deinit {
    for packet in packets {
      var freed: UnsafeMutablePointer<AVPacket>? = packet
      av_packet_free(&freed)
    }
  }
}
