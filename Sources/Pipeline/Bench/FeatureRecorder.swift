import Core
import Foundation
import Media
import Perception

/// Looks at media files with the real vision stage and keeps what it made of them in a folder.
package struct FeatureRecorder: Sendable {
  package let folder: URL
  private let configuration: PipelineConfiguration
  private let library: ModelLibrary

  /// - Parameter folder: where recordings are kept; nil is `recordings` beside the models.
  package init(folder: URL?, configuration: PipelineConfiguration, library: ModelLibrary = ModelLibrary()) {
    self.folder = folder ?? library.root.deletingLastPathComponent().appendingPathComponent("recordings", isDirectory: true)
    self.configuration = configuration
    self.library = library
  }

  /// The recordings of files with a picture, in their order: read where they are kept, made where they are not.
  ///
  /// - Parameter progress: told the file and the second it has come to.
  package func recordings(of paths: [String], progress: @Sendable (String, Double) -> Void) async throws -> [FeatureRecording] {
    var stages: [VisionStage] = []
    var recordings: [FeatureRecording] = []
    for path in paths {
      let source = try MediaSource(path: path)
      let file = folder.appendingPathComponent("\(source.fingerprint.prefix(16))-\(configuration.reader.samplesPerSecond).features")
      if var kept = try? FeatureRecording(contentsOf: file), kept.model == configuration.vision.stage.model {
        kept.name = URL(fileURLWithPath: path).lastPathComponent
        recordings.append(kept)
        continue
      }
      if stages.isEmpty { stages = try await loaded() }
      if let recording = try await record(path, with: stages, progress: progress) {
        try recording.write(to: file)
        recordings.append(recording)
      }
    }
    return recordings
  }

  /// One stage for each view, so that both are looked at side by side.
  private func loaded() async throws -> [VisionStage] {
    var vision = configuration.vision.stage
    vision.thumbnails = false
    let stages = try [VisionStage(library: library, configuration: vision), VisionStage(library: library, configuration: vision)]
    try await stages[0].prepare()
    return stages
  }

  /// - Returns: nil for a file without a picture.
  private func record(_ path: String, with stages: [VisionStage], progress: @Sendable (String, Double) -> Void) async throws
    -> FeatureRecording?
  {
    var options = configuration.reader.options
    let probe = try await MediaReader(path: path, options: options)
    await probe.close()
    guard probe.description.video != nil else { return nil }
    options.renditions = [VisionStage.renditions[0], .squeezed(side: 224)]
    options.audioTrack = .none
    let reader = try await MediaReader(path: path, options: options)
    var recording = FeatureRecording(name: URL(fileURLWithPath: path).lastPathComponent, model: configuration.vision.stage.model)
    while case let items = try await reader.next(atMost: 16), !items.isEmpty {
      for case .frame(let frame) in items {
        async let seen = features(stages[0], frame, picture: 0)
        async let cue = features(stages[1], frame, picture: 1)
        recording.append(frame.range, seen: try await seen, cue: try await cue)
        progress(recording.name, frame.range.end.seconds)
      }
    }
    await reader.close()
    return recording
  }

  private func features(_ stage: VisionStage, _ frame: VideoFrame, picture: Int) async throws -> FrameFeatures {
    var frame = frame
    frame.pictures = [frame.pictures[picture], frame.pictures[picture]]
    guard case .frame(let features)? = try await stage.process(frame).first?.content else {
      throw PipelineError(.internalFault, code: .misconfigured, "the vision stage made nothing of a frame")
    }
    return features
  }
}

extension FeatureRecording {
  fileprivate mutating func append(_ range: TimeRange, seen: FrameFeatures, cue: FrameFeatures) {
    starts.append(range.start.seconds)
    ends.append(range.end.seconds)
    tags.append(seen.tags)
    self.seen.append(seen)
    self.cue.append(cue)
  }
}

extension FeatureRecording.View {
  fileprivate mutating func append(_ features: FrameFeatures) {
    pooled.append(features.pooled.values)
    if let textual = features.textual { self.textual.append(textual.values) }
  }
}
