import Core
import Foundation
import Media
import Memory
import Perception

/// Follows live sources into a memory, each on its own, with models that are loaded once.
package actor Tailer {
  private let folder: URL
  private let configuration: PipelineConfiguration
  /// What holds now, after pipeline files that were read while it ran.
  private var current: PipelineConfiguration
  private let library: ModelLibrary
  private var streams: [LiveStream] = []
  private var store: MemoryStore?
  private var alerts: AlertWatch?
  private var isStopping = false

  package init(memory folder: URL, configuration: PipelineConfiguration = PipelineConfiguration(), library: ModelLibrary = ModelLibrary()) {
    self.folder = folder
    self.configuration = configuration
    current = configuration
    self.library = library
  }

  /// One source and how it is followed.
  package struct Request: Sendable {
    package var source: LiveSource
    package var name: String?
    package var options: LiveOptions

    /// *Throws* `PipelineError` when the text names nothing that can be followed.
    ///
    /// - Parameters:
    ///   - credentials: `user:password` for an address without.
    ///   - extra: options of FFmpeg's.
    package init(
      _ text: String, name: String? = nil, credentials: String? = nil, listens: Bool = false, extra: [String: String] = [:],
      configuration: PipelineConfiguration = PipelineConfiguration()
    ) throws {
      do { source = try LiveSource(text, credentials: credentials) } catch {
        throw PipelineError(.badArgument, code: .misconfigured, error.message, cause: error)
      }
      self.name = name
      options = configuration.liveOptions
      options.listens = listens
      options.extra = extra
    }
  }

  /// Follows every source until `stop` is called or all of them have ended for good.
  ///
  /// - Parameter report: called from many tasks; must not block.
  /// *Throws* `PipelineError` when the memory cannot be written or a model is broken; a source that fails is reported and the others go on.
  package func tail(_ requests: [Request], report: @escaping @Sendable (TailEvent) -> Void) async throws {
    let records = try MemoryReading.streams(in: folder)
    let senses = try Senses(library: library, configuration: configuration)
    let store = try openStore()
    for notice in await senses.takeNotices() { report(.notice(nil, notice)) }
    try await senses.prepare { report(.notice(nil, $0)) }
    let overload = Overload()
    let alerts = AlertWatch(configuration.alerts, reader: await senses.standingReader(), report: report)
    self.alerts = alerts
    var taken = Set(records.map(\.id.rawValue))
    for request in requests {
      let known = Self.known(request, among: records, besides: streams.map(\.id))
      let id = known?.id ?? Self.name(request, &taken)
      let time = LiveTime(startedAt: known?.startedAt)
      let lanes = try await senses.live(configuration.live, overload: overload, time: time)
      for notice in await senses.takeNotices() { report(.notice(nil, notice)) }
      streams.append(
        LiveStream(
          id, source: request.source, options: request.options, configuration: configuration.live, lanes: lanes, time: time, known: known,
          store: store, sentences: senses.sentences, overload: overload, alerts: alerts, report: report))
    }
    // A pipeline file that was read meanwhile holds as well.
    if current != configuration { await adopt() }
    if isStopping { return await close() }
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for stream in streams { group.addTask { try await stream.run() } }
        do { try await group.waitForAll() } catch {
          for stream in streams { await stream.stop() }
          throw error
        }
      }
    } catch let error as MemoryError {
      await close()
      throw PipelineError(.writing, code: error.code, error.message, cause: error)
    }
    await close()
  }

  /// Takes over what can change while streams are followed.
  ///
  /// - Returns: what was taken over, and what was not.
  package func reload(_ new: PipelineConfiguration) async -> PipelineChange {
    let change = PipelineChange(from: current, begun: configuration, to: new)
    current = change.configuration
    await adopt()
    return change
  }

  private func adopt() async {
    for stream in streams { await stream.adopt(current) }
    await alerts?.replace(current.alerts)
  }

  /// Stops following and lets what was read be remembered; `tail` returns when it is.
  ///
  /// - Parameter inHurry: speech that cannot be written down within a second is left out, and remembered as such.
  package func stop(inHurry: Bool = false) async {
    isStopping = true
    if inHurry { await alerts?.hurry() }
    for stream in streams { await stream.stop(inHurry: inHurry) }
  }

  private func close() async {
    await alerts?.close()
    await store?.close()
    store = nil
  }

  private func openStore() throws -> MemoryStore {
    do {
      let opened = try MemoryStore(writing: folder, configuration: configuration.memory)
      store = opened
      return opened
    } catch let error as MemoryError {
      throw MemoryReading.failure(error, opening: .writing)
    }
  }

  /// The stream that was made of this source before and can go on.
  private static func known(_ request: Request, among records: [StreamRecord], besides taken: [StreamID]) -> StreamRecord? {
    records.first {
      $0.source.fingerprint == LiveStream.fingerprint(of: request.source) && !$0.finished && $0.startedAt != nil
        && !taken.contains($0.id) && (request.name == nil || request.name == $0.id.rawValue)
    }
  }

  private static func name(_ request: Request, _ taken: inout Set<String>) -> StreamID {
    let base = request.name ?? request.source.name
    var (name, number) = (base, 2)
    while taken.contains(name) {
      name = "\(base)-\(number)"
      number += 1
    }
    taken.insert(name)
    return StreamID(name)
  }
}
