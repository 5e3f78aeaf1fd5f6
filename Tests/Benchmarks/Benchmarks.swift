import Foundation

/// Runs one benchmark by name and prints its figures as JSON. `docs/measurements.md` names the command behind every published figure.
@main
struct Benchmarks {
  static func main() async throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    guard !arguments.isEmpty else { return usage() }
    let name = arguments.removeFirst()
    switch name {
    case "image": try ImageBenchmark.run(arguments)
    case "sentence": try SentenceBenchmark.run(arguments)
    case "speech": try SpeechBenchmark.run(arguments)
    case "speech-encoder": try SpeechBenchmark.writeEncoding(arguments)
    case "decode": try await DecodeBenchmark.run(arguments)
    case "memory-day": try await MemoryBenchmark.day(arguments)
    case "memory-readers": try await MemoryBenchmark.readers(arguments)
    case "memory-kill": try await MemoryBenchmark.kill(arguments)
    case "memory-writer": try await MemoryBenchmark.writer(arguments)
    case "question-day": try await QuestionBenchmark.day(arguments)
    case "question-parts": try await PartsBenchmark.run(arguments)
    case "ledger": try await LedgerBenchmark.run(arguments)
    default: usage()
    }
  }

  private static func usage() {
    FileHandle.standardError.write(Data("usage: Benchmarks NAME ARGUMENT…\n".utf8))
  }
}
