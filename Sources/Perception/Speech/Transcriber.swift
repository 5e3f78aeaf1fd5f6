import Core
import Neural

/// Writes speech down for any number of streams with one model: as many at a time as it has places, and of those who wait the one first that
/// has waited longest.
///
/// *Complexity* 330 MB for `whisper-base`, once, and some 60 MB for each place from its first use on.
package actor Transcriber {
  nonisolated let weights: Whisper.Weights
  private let places: Int
  private var taken = 0
  private var idle: [Place] = []
  private var waiting: [Waiting] = []
  private var number = 0

  private struct Waiting {
    var number: Int
    var since: ContinuousClock.Instant
    var turn: CheckedContinuation<Place, any Error>
  }

  /// A model with working memory of its own, on a queue of its own.
  private actor Place {
    private let executor = QueueExecutor("afterimage.whisper")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let whisper: Whisper

    init(_ weights: Whisper.Weights) { whisper = Whisper(weights) }

    func transcribe(_ samples: [Float], _ options: Whisper.Options) throws -> Transcript {
      try whisper.transcribe(samples, options: options)
    }
  }

  /// - Parameter places: how many may write at the same time, 1 or more.
  package init(_ weights: Whisper.Weights, places: Int = 1) {
    self.weights = weights
    self.places = max(1, places)
  }

  /// - Parameter since: when whoever asks began to wait.
  /// *Throws* `CancellationError` when the task was cancelled, waiting or writing; `NeuralError` from the model.
  package func transcribe(_ samples: [Float], options: Whisper.Options, since: ContinuousClock.Instant = .now) async throws -> Transcript {
    let place = try await turn(since)
    defer { leave(place) }
    return try await place.transcribe(samples, options)
  }

  private func turn(_ since: ContinuousClock.Instant) async throws -> Place {
    if let place = idle.popLast() { return place }
    if taken < places {
      taken += 1
      return Place(weights)
    }
    number += 1
    let own = number
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiting.append(Waiting(number: own, since: since, turn: $0)) }
    } onCancel: {
      Task { await withdraw(own) }
    }
  }

  private func withdraw(_ number: Int) {
    guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
    waiting.remove(at: index).turn.resume(throwing: CancellationError())
  }

  private func leave(_ place: Place) {
    guard let next = waiting.indices.min(by: { (waiting[$0].since, waiting[$0].number) < (waiting[$1].since, waiting[$1].number) }) else {
      return idle.append(place)
    }
    waiting.remove(at: next).turn.resume(returning: place)
  }
}
