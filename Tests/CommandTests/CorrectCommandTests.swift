import Foundation
import Testing

@testable import afterimage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `memory correct` from end to end; without any model, so that words alone decide.
@Suite("Correcting a memory", .serialized)
struct CorrectCommandTests {
  private let folder: TemporaryFolder
  private let noModels: [String: String]
  private var memory: String { folder.path("good.memory") }

  init() throws {
    folder = try TemporaryFolder()
    noModels = ["AFTERIMAGE_MODELS": folder.path("no-models")]
    let watched = try Command.run(["watch", try Clip.short(in: folder), "--memory", memory], environment: noModels)
    try #require(watched.status == 0, "\(watched.errors)")
  }

  private func run(_ arguments: String...) throws -> Command.Outcome {
    try Command.run(arguments + ["--memory", memory], environment: noModels)
  }

  @Test("a question is corrected, answered with the correction, listed, taken back and left to the memory again")
  func story() throws {
    let question = "Which platform does the train leave from?"
    #expect(try run("ask", question).status == 3)
    let written = try run("memory", "correct", question, "Platform 9", "--author", "Ada", "--from", "0:01", "--to", "2")
    #expect(written.status == 0 && written.output.hasPrefix("1  \(question)  →  Platform 9  (Ada, "), "\(written.output)\(written.errors)")
    #expect(written.errors.contains("answers by its words only"))
    let asked = try run("ask", "Where does the train leave from?", "--explain")
    #expect(asked.status == 0, "\(asked.output)\(asked.errors)")
    #expect(asked.output.hasPrefix("Platform 9\n  corrected by Ada, "), "\(asked.output)")
    #expect(asked.output.contains("overridden: the memory itself holds no answer"))
    #expect(asked.output.contains("understood: correction: number 1 answers"))
    #expect(asked.output.contains("play: ffplay -ss 1 "))
    let other = try run("ask", "Which platform does the bus leave from?", "--explain")
    #expect(other.status == 3 && other.output.contains("understood: correction: none fits"), "\(other.output)")
    #expect(try run("memory", "correct", question, "Platform 10", "--json").output.contains("\"number\" : 2"))
    #expect(try run("ask", question).output.contains("before it by Ada"))
    #expect(try run("memory", "correct", "--undo", "2").output.contains("undone 2"))
    #expect(try run("ask", question).output.hasPrefix("Platform 9\n"))
    let listed = try run("memory", "correct", "--list")
    #expect(listed.output.split(separator: "\n").count == 2 && listed.output.contains("Platform 10"))
    #expect(try run("memory", "verify").status == 0)
    #expect(try run("memory", "export", "--json").output.contains("\"answer\" : \"Platform 9\""))
    #expect(try run("memory", "info").output.contains("1 correction"))
  }

  @Test("what cannot be corrected is refused with one line and the documented status")
  func refused() throws {
    func expect(_ status: Int32, _ words: String, _ arguments: String...) throws {
      let outcome = try Command.run(arguments, environment: noModels)
      #expect(outcome.status == status && outcome.output.isEmpty, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
      if status != 64 { #expect(outcome.errorLines.filter { !$0.contains("is not installed") }.count == 1, "\(outcome.errors)") }
    }
    let correct = ["memory", "correct"]
    #expect(try Command.run(correct + ["--memory", memory]).status == 64)
    try expect(64, "right answer", "memory", "correct", "Who?", "--memory", memory)
    try expect(64, "--list", "memory", "correct", "Who?", "Ada", "--list", "--memory", memory)
    try expect(64, "belong", "memory", "correct", "--list", "--from", "1", "--memory", memory)
    try expect(64, "not a question", "memory", "correct", "hmm", "Ada", "--memory", memory)
    try expect(64, "between 1 and", "memory", "correct", "Who is the mayor?", " ", "--memory", memory)
    try expect(64, "no stretch", "memory", "correct", "Who is the mayor?", "Ada", "--from", "2", "--to", "1", "--memory", memory)
    try expect(64, "no stretch", "memory", "correct", "Who is the mayor?", "Ada", "--from", "1:00:00", "--memory", memory)
    try expect(66, "short.mp4", "memory", "correct", "Who is the mayor?", "Ada", "--stream", "other", "--memory", memory)
    try expect(66, "there is no correction 7", "memory", "correct", "--undo", "7", "--memory", memory)
    try expect(66, "no memory here", "memory", "correct", "Who is the mayor?", "Ada", "--memory", folder.path("none"))
    try expect(66, "no memory here", "memory", "correct", "--list", "--memory", folder.path("none"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
    #expect(try run("memory", "correct", "--list").output.isEmpty)
  }

  @Test("while another process writes the memory, it is refused with one line")
  func beingWritten() throws {
    let lock = open(folder.path("good.memory/writer.lock"), O_RDWR)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let outcome = try run("memory", "correct", "Who is the mayor?", "Ada")
    #expect(outcome.status == 73 && outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("is being written by another process"))
    #expect(try run("memory", "correct", "--list").status == 0)
  }

  @Test("times are read as people type them")
  func times() {
    for (text, seconds) in [("90", 90.0), ("1:30", 90), ("1:02:03.5", 3723.5), ("0", 0)] {
      #expect(ClockTime(argument: text)?.seconds == seconds, "\(text)")
    }
    for text in ["", "-1", "1:60", "a", "1:2:3:4", "nan", "inf", "1::2", "+5", "1e99", ":5", "5:"] {
      #expect(ClockTime(argument: text) == nil, "\(text)")
    }
  }
}
