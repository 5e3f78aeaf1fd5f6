import ArgumentParser
import Core
import Foundation
import Pipeline

/// `memory pin`: what a person wants kept.
struct PinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin", abstract: "Keeps a stretch of a stream as it is.",
    discussion: """
      The episodes it lies in are neither kept in less detail nor given up, however old they grow and however little room there is, until \
      'memory unpin' takes it back. Refused when so much would be pinned that hardly anything else had room, and while another process \
      writes the memory.

      afterimage memory pin --from 1:00 --to 2:30 --memory talk.memory
      """)

  @OptionGroup var memory: MemoryOption
  @Option(help: ArgumentHelp("This stream; needed when there are several.", valueName: "name")) var stream: String?
  @Option(help: ArgumentHelp("Where to begin: seconds, m:ss or h:mm:ss. Without it, the beginning.", valueName: "time")) var from:
    ClockTime?
  @Option(help: ArgumentHelp("Where to end. Without it, the end.", valueName: "time")) var to: ClockTime?
  @Flag(help: "Show what is pinned.") var list = false
  @Flag(help: "As JSON.") var json = false

  func validate() throws {
    if list ? (from != nil || to != nil || stream != nil) : (from == nil && to == nil) {
      throw ValidationError("Say what to keep, with --from, --to or both; or --list alone.")
    }
  }

  func run() async throws {
    let care = try MemoryCare(of: memory.folder)
    if list {
      let pins = try care.pins()
      if json { return Standard.printJSON(pins, pretty: true) }
      for pin in pins { Self.show(pin) }
      if pins.isEmpty { Standard.say("\(memory.memory): nothing is pinned") }
      return
    }
    let (stream, range) = try care.stretch(
      of: stream, from: from.map { MediaTime(seconds: $0.seconds) }, to: to.map { MediaTime(seconds: $0.seconds) }, to: "pin")
    let pin = try await care.pin(range, of: stream)
    if json { Standard.printJSON(pin, pretty: true) } else { Self.show(pin) }
  }

  private static func show(_ pin: MemoryCare.Pinned) {
    Standard.print("\(pin.number)  \(pin.stream) \(Clock.text(pin.start))–\(Clock.text(pin.end))  (\(pin.writtenAt))")
  }
}

/// `memory unpin`: takes a pin back.
struct UnpinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpin", abstract: "Takes a pin back: the stretch grows old like any other from then on.")

  @Argument(help: "The number that 'memory pin --list' shows.") var number: Int64
  @OptionGroup var memory: MemoryOption

  func run() async throws {
    try await MemoryCare(of: memory.folder).unpin(number)
    Standard.print("\(number) is not pinned any more")
  }
}
