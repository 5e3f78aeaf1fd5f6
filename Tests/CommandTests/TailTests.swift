import Core
import Foundation
import Testing

@testable import Pipeline

@Suite("Following live streams", .serialized)
struct TailTests {
  static let pattern = "lavfi:testsrc2=s=320x240:r=10,realtime[out0];sine=b=4,arealtime[out1]"

  static func file(_ name: String, in folder: TemporaryFolder) throws -> (path: String, handle: FileHandle) {
    let path = try folder.write([], to: name)
    return (path, try FileHandle(forWritingTo: URL(fileURLWithPath: path)))
  }

  /// Waits until a text is written into a file, for a minute at most.
  static func wait(for text: String, in path: String, times: Int = 1) async throws -> Bool {
    for _ in 0..<600 {
      let written = try String(contentsOfFile: path, encoding: .utf8)
      if written.components(separatedBy: text).count > times { return true }
      try await Task.sleep(for: .milliseconds(100))
    }
    return false
  }

  @Test("a synthetic source is followed, told of line by line, remembered, and gone on with")
  func goesOn() throws {
    let folder = try TemporaryFolder()
    let memory = folder.path("m.memory")
    let first = try Command.run(["tail", Self.pattern, "--memory", memory, "--name", "pattern", "--for", "4", "--json"])
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("\"event\":\"scene\"") && first.output.contains("\"event\":\"sound\""))
    let again = try Command.run(["tail", Self.pattern, "--memory", memory, "--name", "pattern", "--for", "2"])
    #expect(again.status == 0, "\(again.errors)")
    let export = try Command.run(["memory", "export", "--json", "--memory", memory])
    #expect(export.output.contains("not watched from"))
    #expect(export.output.components(separatedBy: "\"fingerprint\"").count == 2, "one stream, not two")
    #expect(try Command.run(["memory", "verify", "--memory", memory]).status == 0)
  }

  @Test("SIGINT ends within two seconds and keeps what was seen")
  func interrupted() async throws {
    let folder = try TemporaryFolder()
    let memory = folder.path("m.memory")
    let output = try Self.file("out", in: folder)
    let process = try Command.start(["tail", Self.pattern, "--memory", memory], output: output.handle)
    #expect(try await Self.wait(for: "scene", in: output.path))
    let began = ContinuousClock.now
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(ContinuousClock.now - began < .seconds(2))
    #expect(process.terminationStatus == 130)
    #expect(try Command.run(["memory", "verify", "--memory", memory]).status == 0)
    #expect(try Command.run(["memory", "info", "--memory", memory]).output.contains("frames"))
  }

  @Test("a file that grows is followed, and one that is not there yet is waited for")
  func growing() async throws {
    let folder = try TemporaryFolder()
    let file = folder.path("g.ts")
    let output = try Self.file("out", in: folder)
    let tail = try Command.start(["tail", file, "--memory", folder.path("m.memory")], output: output.handle)
    defer { tail.terminate() }
    #expect(try await Self.wait(for: "no signal", in: output.path))
    try Command.tool(
      "ffmpeg",
      ["-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=3"]
        + ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "mpegts", "-flush_packets", "1", file])
    #expect(try await Self.wait(for: "scene", in: output.path))
    tail.terminate()
    tail.waitUntilExit()
    #expect(tail.terminationStatus == 143)
    let export = try Command.run(["memory", "export", "--json", "--memory", folder.path("m.memory")])
    #expect(export.output.contains("\"frames\""))
  }

  @Test("every pipeline of the repository follows a stream", arguments: ["default", "camera", "lecture", "radio", "broadcast"])
  func pipelines(name: String) throws {
    let folder = try TemporaryFolder()
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../pipelines/\(name).yaml").standardized.path
    let tail = try Command.run(["tail", Self.pattern, "--memory", folder.path("m.memory"), "--pipeline", file, "--for", "4", "--json"])
    #expect(tail.status == 0, "\(tail.errors)")
    #expect(tail.output.contains(name == "radio" ? "\"event\":\"sound\"" : "\"event\":\"scene\""))
    #expect(try Command.run(["memory", "verify", "--memory", folder.path("m.memory")]).status == 0)
  }

  @Test("questions typed while a stream is followed are answered, and :quit ends")
  func questions() async throws {
    let folder = try TemporaryFolder()
    let output = try Self.file("out", in: folder)
    let input = Pipe()
    let tail = try Command.start(
      ["tail", Self.pattern, "--memory", folder.path("m.memory"), "--json"], input: input, output: output.handle)
    #expect(try await Self.wait(for: "scene", in: output.path))
    try input.fileHandleForWriting.write(contentsOf: Data("how long is it?\n:quit\n".utf8))
    #expect(try await Self.wait(for: "\"confidence\"", in: output.path))
    tail.waitUntilExit()
    #expect(tail.terminationStatus == 0)
  }

  @Test("SIGHUP reads the pipeline again: what can change changes, what is broken changes nothing, and the stream goes on")
  func reload() async throws {
    let folder = try TemporaryFolder()
    let pipeline = try folder.write("sound:\n  enabled: true\n".utf8, to: "p.yaml")
    let (output, errors) = (try Self.file("out", in: folder), try Self.file("err", in: folder))
    let tail = try Command.start(
      ["tail", Self.pattern, "--memory", folder.path("m.memory"), "--pipeline", pipeline], output: output.handle, errors: errors.handle)
    defer { tail.terminate() }
    #expect(try await Self.wait(for: "scene", in: output.path))
    let changed = "reader:\n  samples_per_second: 2\nsound:\n  enabled: false\nalerts: {questions: [{ask: a beep}]}\n"
    _ = try folder.write(changed.utf8, to: "p.yaml")
    kill(tail.processIdentifier, SIGHUP)
    #expect(try await Self.wait(for: "p.yaml: took over sound, alerts; only a new start changes reader", in: errors.path))
    _ = try folder.write("sound:\n  enabled: sometimes\n".utf8, to: "p.yaml")
    kill(tail.processIdentifier, SIGHUP)
    #expect(try await Self.wait(for: "p.yaml:2: 'sound.enabled' must be true or false; the pipeline stays as it was", in: errors.path))
    kill(tail.processIdentifier, SIGINT)
    tail.waitUntilExit()
    #expect(tail.terminationStatus == 130)
  }

  @Test("an address is not for watch, and nonsense is not for tail")
  func arguments() throws {
    let folder = try TemporaryFolder()
    let watch = try Command.run(["watch", "rtsp://u:s3cret@127.0.0.1:1/x", "--memory", folder.path("m")])
    #expect(watch.status != 0)
    #expect(watch.errors.contains("afterimage tail") && !watch.errors.contains("s3cret"))
    let tail = try Command.run(["tail", "gopher://host", "--memory", folder.path("m")])
    #expect(tail.status == 64)
    let alert = try Command.run(["tail", Self.pattern, "--memory", folder.path("m"), "--alert", "and then?"])
    #expect(alert.status == 64)
    #expect(alert.errors.contains("and then?"))
  }
}
