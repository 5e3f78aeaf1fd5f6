import Core
import Foundation
import Media
import Neural
import Synchronization
import Testing

@testable import Perception

private let areInstalled = ["efficientnet-lite0", "all-MiniLM-L6-v2"].allSatisfy { ModelLibrary().isInstalled($0) }

@Suite(.enabled(if: areInstalled, "weights not installed: efficientnet-lite0, all-MiniLM-L6-v2")) struct VisionStageTests {
  /// A library of links to the installed models, without label vectors.
  private func library(_ bench: Workbench) throws -> ModelLibrary {
    let (installed, files) = (ModelLibrary(), FileManager.default)
    for model in ["efficientnet-lite0", "all-MiniLM-L6-v2"] {
      let folder = bench.folder.appendingPathComponent(model)
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      for file in try files.contentsOfDirectory(at: installed.folder(of: model), includingPropertiesForKeys: nil)
      where !file.lastPathComponent.hasPrefix("label-vectors") {
        try files.createSymbolicLink(at: folder.appendingPathComponent(file.lastPathComponent), withDestinationURL: file)
      }
    }
    return ModelLibrary(root: bench.folder)
  }

  /// A frame of a picture that a test source draws.
  private func frame(_ bench: Workbench) async throws -> VideoFrame {
    try bench.run(
      "ffmpeg",
      ["-y", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=5:d=1", "-pix_fmt", "yuv420p", "seen.mp4"])
    return try #require(try await frames(of: bench.path("seen.mp4"), renditions: VisionStage.renditions + TextStage.renditions).first)
  }

  private func cosine(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test("a frame gets its grid, its vectors, its likeliest labels and a thumbnail; the label vectors are made once")
  func seeing() async throws {
    let bench = try Workbench()
    let (library, frame) = (try library(bench), try await frame(bench))
    let stage = try VisionStage(library: library)
    let calls = Mutex([Double]())
    try await stage.prepare { share in calls.withLock { $0.append(share) } }
    #expect(calls.withLock { $0.first == 0 && $0.last == 1 && $0.sorted() == $0 })
    let found = try await stage.process(frame)
    let seen = try #require(found.first?.frame)
    #expect(found.count == 1 && found[0].range == frame.range)
    let grid = try #require(seen.grid)
    #expect([grid.rows, grid.columns, grid.channels] == [7, 7, 1280] && seen.pooled.values.count == 1280)
    #expect(seen.pooled.space == VisionStage.pooledSpace)
    #expect(seen.tags.count == 5 && zip(seen.tags, seen.tags.dropFirst()).allSatisfy { $0.probability >= $1.probability })
    #expect(Array(seen.thumbnail.prefix(2)) == [0xFF, 0xD8])
    let textual = try #require(seen.textual)
    #expect(textual.space == EmbeddingSpace("all-MiniLM-L6-v2") && abs(cosine(textual.values, textual.values) - 1) < 1e-4)

    // What the frame is taken for is nearer to it than something it is not.
    let encoder = try SentenceEncoder(folder: library.folder(of: "all-MiniLM-L6-v2"))
    let named = cosine(textual.values, encoder.encode("a photo of a \(seen.tags[0].label)"))
    #expect(named > cosine(textual.values, encoder.encode("the fiscal policy of the central bank")) + 0.1)

    let again = try VisionStage(library: library)
    try await again.prepare { _ in Issue.record("the label vectors were made twice") }
    #expect(try await again.process(frame) == found)
  }

  @Test("label vectors that are broken, of other labels or of another encoder are made anew; a folder that cannot be written is no fault")
  func labelVectors() throws {
    let bench = try Workbench()
    let encoder = try SentenceEncoder(folder: ModelLibrary().folder(of: "all-MiniLM-L6-v2"))
    let all = try PictureLabel.labels(in: ModelLibrary().folder(of: "efficientnet-lite0")).labels
    let labels = Array(all.prefix(25))
    var reports = 0
    func make(_ labels: [PictureLabel], digest: String = "abc", in folder: URL = bench.folder) throws -> [Float] {
      reports = 0
      return try LabelVectors(folder: folder, texts: labels.map(\.texts), digest: digest, encoder: encoder) { _ in reports += 1 }.values
    }
    let made = try make(labels)
    #expect(reports == 3 && made.count == 25 * 384)
    #expect(try make(labels) == made && reports == 0)

    let file = bench.folder.appendingPathComponent("label-vectors.all-MiniLM-L6-v2.safetensors")
    let bytes = try Data(contentsOf: file)
    try bytes.prefix(bytes.count / 2).write(to: file)
    #expect(try make(labels) == made && reports == 3)
    #expect(try Data(contentsOf: file) == bytes)
    #expect(try make(labels, digest: "def") == made && reports == 3)
    #expect(try make(labels, digest: "def") == made && reports == 0)
    // Vectors of other texts under the right digest: what another encoder would have left.
    #expect(try make(labels.reversed(), digest: "def") != made && reports == 3)
    #expect(try make(labels, digest: "abc", in: bench.folder.appendingPathComponent("missing")) == made)
  }

  @Test("without the sentence model frames have no textual vector; without the classifier there is one clear line")
  func missing() async throws {
    let bench = try Workbench()
    let (library, frame) = (try library(bench), try await frame(bench))
    try FileManager.default.removeItem(at: library.folder(of: "all-MiniLM-L6-v2"))
    let seen = try await VisionStage(library: library).process(frame).first?.frame
    #expect(seen != nil && seen?.textual == nil && seen?.tags.isEmpty == false)
    let sentence = #expect(throws: PerceptionError.self) { try SentenceStage(library: library) }
    #expect(sentence?.code == .unavailable && sentence?.message.contains("all-MiniLM-L6-v2") == true)

    try FileManager.default.removeItem(at: library.folder(of: "efficientnet-lite0").appendingPathComponent("labels.json"))
    try Data("[1]".utf8).write(to: library.folder(of: "efficientnet-lite0").appendingPathComponent("labels.json"))
    let broken = #expect(throws: PerceptionError.self) { try VisionStage(library: library) }
    #expect(broken?.code == .corruptInput)
    try FileManager.default.removeItem(at: library.folder(of: "efficientnet-lite0"))
    let network = #expect(throws: PerceptionError.self) { try VisionStage(library: library) }
    #expect(network?.code == .unavailable && network?.message.contains("efficientnet-lite0") == true)
  }

  @Test("sentences get vectors in the space of questions, frames are left alone")
  func sentences() async throws {
    let stage = try SentenceStage(library: ModelLibrary())
    let box = TextLine.Box(x: 0, y: 0, width: 1, height: 1)
    let range = TimeRange(seconds: 0...1)
    let observations = [
      Observation(range: range, content: .text(TextLine(text: "A dog barks", box: box, confidence: 1))),
      Observation(range: range, content: .gap("lost")),
      Observation(range: range, content: .speech(Utterance(text: "Taxes rise", words: [], language: "en", confidence: 1))),
      Observation(range: range, content: .sound(SoundEvent(name: "Siren", score: 1))),
    ]
    let embedded = try await stage.embed(observations)
    let question = try await stage.embedding(of: "When did the puppy make noise?")
    #expect(question.space == stage.space && embedded[1] == observations[1])
    let dog = try #require(embedded[0].line?.embedding), taxes = try #require(embedded[2].utterance?.embedding)
    #expect(cosine(dog.values, question.values) > cosine(taxes.values, question.values))
    #expect(try await stage.embed([]).isEmpty)
  }
}
