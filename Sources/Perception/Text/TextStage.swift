import Core
import Foundation
import Media

/// Reads what is written in the picture, when the picture has changed, and reports each line once, with the time it stood.
///
/// A deterministic function of the frames and of the checkpoint it was restored from: a run restored at any frame goes on bit-identically.
/// *Isolation* its own queue; Tesseract runs on one thread. *Complexity* about 0.3 ms for a picture like the last one, 10 ms plus 6 ms
/// per line-like stretch for another, at 640 × 360.
package actor TextStage {
  private let executor = QueueExecutor("afterimage.text")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// What the stage wants of a frame: the picture in grey, as it is unless very large. It reads the last picture of each frame.
  package static let renditions: [Rendition] = [.fit(width: 1280, height: 1280, planes: 1)]

  private struct State: Codable {
    var lastRead: PictureSignature?
    /// The last picture read was one of a change in progress.
    var isUnsettled = false
    var tracker = LineTracker()
  }

  private var configuration: TextConfiguration
  private var reader: TextReader
  private var state: State
  /// nil where a sign is told of when it has gone.
  private var held: HeldSigns?
  /// How many pictures were read, of all that were shown to this instance.
  package private(set) var picturesRead = 0

  /// - Parameters:
  ///   - isLive: signs are told of while they stay, and again when they have gone; without it once, when they have gone.
  ///   - checkpoint: what `checkpoint()` returned; nil starts afresh. It says nothing of signs that were told of.
  /// *Throws* `unavailable` when the language data is missing, `corruptInput` when the checkpoint is not one.
  package init(configuration: TextConfiguration = TextConfiguration(), isLive: Bool = false, restoring checkpoint: Data? = nil)
    throws(PerceptionError)
  {
    self.configuration = configuration
    held = isLive ? HeldSigns() : nil
    reader = try TextReader(configuration: configuration)
    do {
      state = try checkpoint.map { try JSONDecoder().decode(State.self, from: $0) } ?? State()
    } catch {
      throw PerceptionError(.corruptInput, "restoring the text stage: its saved state cannot be read (\(error))")
    }
  }

  /// Other thresholds from the next frame on; the language stays.
  package func adopt(_ configuration: TextConfiguration) {
    self.configuration = configuration
    reader.adopt(configuration)
  }

  /// - Returns: the lines that ended with this frame, or of which there is something to tell.
  /// *Throws* `misconfigured` when the frame has no grey picture.
  package func process(_ frame: VideoFrame) throws(PerceptionError) -> [Observation] {
    guard let picture = frame.pictures.last, picture.planes == 1, picture.width > 0, picture.height > 0 else {
      throw PerceptionError(.misconfigured, "reading text at \(frame.time): the frame came without a grey picture")
    }
    let signature = PictureSignature(picture)
    let threshold = configuration.changeThreshold
    let change = state.lastRead.map { signature.difference(from: $0, threshold: threshold) }
    let isChanged = change.map { $0.largest >= threshold } ?? true
    // A picture read in the middle of a fade is read once more when it has come to rest.
    let hasSettled = !isChanged && state.isUnsettled && (change?.largest ?? 0) > threshold / 3
    state.isUnsettled = isChanged
    guard isChanged || hasSettled else { return tell(state.tracker.stay(in: frame.range)) }
    state.lastRead = signature
    picturesRead += 1
    return tell(state.tracker.see(reader.read(picture), in: frame.range, isCut: (change?.share ?? 1) > 0.5))
  }

  /// Ends every open line. The stage starts afresh after it.
  package func finish() -> [Observation] {
    defer { state = State() }
    return tell(state.tracker.finish())
  }

  private func tell(_ ended: [LineTrack]) -> [Observation] {
    held?.take(ended: ended, open: &state.tracker.tracks) ?? Signs.observations(of: ended)
  }

  /// The state between two frames: about 4 kB, more with many lines in view.
  package func checkpoint() throws(PerceptionError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do { return try encoder.encode(state) } catch { throw PerceptionError(.corruptInput, "saving the text stage: \(error)") }
  }
}
