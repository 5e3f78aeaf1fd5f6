import Foundation

/// A socket of this machine, for tests of what the program serves.
struct Loopback {
  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func withAddress(_ port: UInt16, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = address(port)
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  /// Takes a free port and holds it until `body` has ended.
  static func withTakenPort<Result>(_ body: (UInt16) throws -> Result) throws -> Result {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    guard withAddress(0, { bind(listener, $0, $1) }) == 0, listen(listener, 1) == 0 else {
      throw Command.Failed(description: "no port: \(String(cString: strerror(errno)))")
    }
    var (taken, size) = (sockaddr_in(), socklen_t(MemoryLayout<sockaddr_in>.size))
    _ = withUnsafeMutablePointer(to: &taken) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &size) }
    }
    return try body(UInt16(bigEndian: taken.sin_port))
  }

  static func freePort() throws -> UInt16 { try withTakenPort { $0 } }

  /// The whole reply to a request; nil when nobody listens.
  static func get(_ path: String, port: UInt16) -> String? {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(connection) }
    guard withAddress(port, { connect(connection, $0, $1) }) == 0 else { return nil }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    guard write(connection, request, request.count) == request.count else { return nil }
    var (reply, block) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while case let count = read(connection, &block, block.count), count > 0 { reply += block[..<count] }
    return String(decoding: reply, as: UTF8.self)
  }
}
