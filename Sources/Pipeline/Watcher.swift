import Core
import Foundation
import Media
import Memory
import Perception

/// Watches files into a memory, one stream after the other, with models that are loaded once.
package actor Watcher {
  private let folder: URL
  private let configuration: PipelineConfiguration
  private let library: ModelLibrary
  private var senses: Senses?
  private var store: MemoryStore?
  private var isStopping = false
  private var reached: MediaTime?

  package init(memory folder: URL, configuration: PipelineConfiguration = PipelineConfiguration(), library: ModelLibrary = ModelLibrary()) {
    self.folder = folder
    self.configuration = configuration
    self.library = library
  }

  /// Watches what is not yet in the memory, in order. A file that cannot be watched is reported and the next one goes on; a memory that
  /// cannot be written ends the whole watch.
  ///
  /// - Parameter name: the stream's name, for a single file; a file's own name otherwise.
  /// - Parameter report: called from the watching task; must not block.
  package func watch(
    _ files: [String], name: String? = nil, audioTrack: Int? = nil, report: @escaping @Sendable (WatchEvent) -> Void
  ) async throws {
    for path in files {
      do {
        try await watch(path, name: name, audioTrack: audioTrack, report: report)
      } catch let error as PipelineError where error.situation == .missingInput || error.situation == .badInput {
        report(.failed(path: path, error))
      }
      try Task.checkCancellation()
    }
    await close()
  }

  /// Ends the writing at once: what is committed stays, a commit under way is finished, nothing else is begun.
  ///
  /// - Returns: how much of the stream being watched is committed.
  package func stop() async -> MediaTime? {
    isStopping = true
    await close()
    return reached
  }

  /// Gives the memory back to others.
  package func close() async {
    await store?.close()
    store = nil
  }

  private func watch(_ path: String, name: String?, audioTrack: Int?, report: @escaping @Sendable (WatchEvent) -> Void) async throws {
    let source = try MediaSource(path: path)
    let known = try MemoryReading.streams(in: folder)
    let stream = try source.stream(among: known, named: name)
    if let record = known.first(where: { $0.id == stream }), record.finished {
      report(.skipped(stream, path: path))
      return
    }
    var options = configuration.reader.options
    if let audioTrack { options.audioTrack = .index(audioTrack) }
    let probe = try await open(path, options)
    await probe.close()
    let senses = try loadedSenses()
    let store = try openStore()
    let description = SourceDescription(
      path: source.absolutePath, bytes: source.bytes, fingerprint: source.fingerprint, hasVideo: probe.description.video != nil,
      hasSound: probe.description.chosenAudioTrack != nil)
    let checkpoint = try await remembering { try await store.open(stream: stream, source: description) }
    do {
      try await perceive(path, stream, probe.description, options, senses, store, checkpoint, report: report)
    } catch {
      // A file that turns out to hold nothing leaves no trace. A failure to tidy up is not what the caller must hear of.
      if checkpoint == nil { try? await store.withdraw(stream) }
      throw error
    }
  }

  private func perceive(
    _ path: String, _ stream: StreamID, _ input: MediaDescription, _ options: MediaOptions, _ senses: Senses, _ store: MemoryStore,
    _ checkpoint: StreamCheckpoint?, report: @escaping @Sendable (WatchEvent) -> Void
  ) async throws {
    var options = options
    for notice in await senses.takeNotices() { report(.notice(notice)) }
    try await senses.prepare { report(.notice($0)) }
    let setup = try await senses.setup(for: input, checkpoint: checkpoint)
    for notice in await senses.takeNotices() { report(.notice(notice)) }
    options.renditions = setup.renditions
    options.video = !setup.wiring.video.isEmpty
    if setup.wiring.sound.isEmpty { options.audioTrack = .none }
    if let checkpoint { options.resume = ResumePoint(time: checkpoint.upTo, audioFrom: setup.audioFrom ?? checkpoint.upTo) }
    let reader = try await open(path, options)
    let run = Pipeline(
      stream: stream, wiring: setup.wiring, reader: reader, sentences: senses.sentences, store: store, checkpoint: checkpoint)
    try await follow(run, store, path: path, duration: input.duration, report: report)
    await reader.close()
  }

  private func follow(
    _ run: Pipeline, _ store: MemoryStore, path: String, duration: MediaTime?, report: @escaping @Sendable (WatchEvent) -> Void
  ) async throws {
    let start = run.checkpoint?.upTo ?? .zero
    report(.began(run.stream, from: start, duration: duration))
    reached = start
    let began = ContinuousClock.now
    let tally = WatchTally(stream: run.stream, folder: folder, start: start, duration: duration)
    let end: MediaTime
    do {
      end = try await run.run { time, found in
        await self.note(time)
        report(.progressed(await tally.add(found, upTo: time)))
      }
    } catch let error as MediaError {
      throw PipelineError(error.code == .unavailable ? .missingInput : .badInput, code: error.code, error.message, cause: error)
    } catch let error as MemoryError {
      if isStopping { throw CancellationError() }
      throw PipelineError(.writing, code: error.code, error.message, cause: error)
    }
    try await remembering { try await store.fold() }
    let inventory = try MemoryReading.inventory(of: run.stream, in: folder)
    let wiring = run.wiring
    var stages = [
      WatchSummary.StageTimes(name: wiring.gapMeter.name, items: wiring.gapMeter.items, busy: wiring.gapMeter.busy, peakDepth: 0)
    ]
    stages += wiring.video.map { .init(name: $0.name, items: $0.meter.items, busy: $0.meter.busy, peakDepth: $0.input.levels.peak) }
    stages += wiring.sound.map { .init(name: $0.name, items: $0.meter.items, busy: $0.meter.busy, peakDepth: $0.input.levels.peak) }
    report(
      .finished(
        WatchSummary(
          stream: run.stream, watched: end - start, end: end, elapsed: ContinuousClock.now - began,
          counts: inventory?.counts ?? WatchCounts(), bytes: inventory?.bytes ?? 0, memoryBytes: inventory?.allBytes ?? 0,
          stages: stages)))
  }

  private func note(_ time: MediaTime) { reached = time }

  private func loadedSenses() throws -> Senses {
    if let senses { return senses }
    let loaded = try Senses(library: library, configuration: configuration)
    senses = loaded
    return loaded
  }

  private func openStore() throws -> MemoryStore {
    if isStopping { throw CancellationError() }
    if let store { return store }
    do {
      let opened = try MemoryStore(writing: folder, configuration: configuration.memory)
      store = opened
      return opened
    } catch let error as MemoryError {
      throw MemoryReading.failure(error, opening: .writing)
    }
  }

  private func remembering<Result>(_ work: () async throws -> Result) async throws -> Result {
    do { return try await work() } catch let error as MemoryError { throw MemoryReading.failure(error, opening: .writing) }
  }

  private func open(_ path: String, _ options: MediaOptions) async throws -> MediaReader {
    do { return try await MediaReader(path: path, options: options) } catch {
      let situation: PipelineError.Situation =
        switch error.code {
        case .unavailable: .missingInput
        case .misconfigured: .badArgument
        default: .badInput
        }
      throw PipelineError(situation, code: error.code, error.message, cause: error)
    }
  }
}
