import Core
import Foundation
import Media
import Neural
import Testing

@testable import Perception

private let areInstalled = ["yamnet", "all-MiniLM-L6-v2"].allSatisfy { ModelLibrary().isInstalled($0) }

@Suite(.enabled(if: areInstalled, "weights not installed: yamnet, all-MiniLM-L6-v2")) struct SoundStageTests {
  private func hear(_ chunks: [AudioChunk]) async throws -> [Observation] {
    let stage = try SoundStage(library: ModelLibrary())
    var found: [Observation] = []
    for chunk in chunks { found += try await stage.process(chunk) }
    return found + (await stage.finish())
  }

  private func named(_ names: String..., in found: [Observation]) -> [Observation] {
    found.filter { observation in observation.sound.map { names.contains($0.name) } ?? false }
  }

  /// Quiet, then white noise from 4 to 8 s, quiet, then a wailing tone from 14 to 20 s, quiet. All made by FFmpeg.
  private func scene(_ bench: Workbench) throws -> String {
    try bench.sound(
      "scene.wav",
      source: "aevalsrc='0.002*random(0)+if(between(t,4,8),0.6*(random(1)-0.5),0)"
        + "+if(between(t,14,20),0.5*sin(2*PI*(900*t-300/2/PI/0.5*cos(2*PI*0.5*t))),0)':s=16000:d=26")
  }

  @Test("a noise and a siren are named, each about where it lasts; the quiet is nothing")
  func naming() async throws {
    let bench = try Workbench()
    let found = try await hear(chunks(of: scene(bench)))
    let noise = named("White noise", "Static", "Noise", "Pink noise", in: found)
    let siren = named("Siren", "Police car (siren)", "Emergency vehicle", "Ambulance (siren)", "Civil defense siren", in: found)
    try #require(!noise.isEmpty && !siren.isEmpty, "\(found.compactMap(\.sound?.name))")
    for (events, truth) in [(noise, TimeRange(seconds: 4...8)), (siren, TimeRange(seconds: 14...20))] {
      let inside = events.map(\.range).filter { $0.overlaps(truth) }
      let heard = inside.dropFirst().reduce(try #require(inside.first)) { $0.union($1) }
      #expect(abs((heard.start - truth.start).seconds) < 0.8 && abs((heard.end - truth.end).seconds) < 0.8, "\(heard)")
    }
    #expect(found.allSatisfy { (0.02...1).contains($0.sound?.score ?? 0) })
    // What is no more than a guess is found by its name alone.
    let sounds = found.compactMap(\.sound)
    #expect(sounds.contains { $0.isClear } && sounds.contains { !$0.isClear })
    #expect(sounds.allSatisfy { $0.isClear == ($0.embedding != nil) && $0.isClear == ($0.score >= 0.1) })
  }

  @Test("a sound's vector lies between its name and the sound of it; made once and kept beside the model")
  func vectors() async throws {
    let bench = try Workbench()
    let library = ModelLibrary(root: bench.folder)
    for model in ["yamnet", "all-MiniLM-L6-v2"] {
      let (files, folder) = (FileManager.default, bench.folder.appendingPathComponent(model))
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      for file in try files.contentsOfDirectory(at: ModelLibrary().folder(of: model), includingPropertiesForKeys: nil)
      where !file.lastPathComponent.hasPrefix("label-vectors") {
        try files.createSymbolicLink(at: folder.appendingPathComponent(file.lastPathComponent), withDestinationURL: file)
      }
    }
    let stage = try SoundStage(library: library)
    try await stage.prepare()
    var found: [Observation] = []
    for chunk in try await chunks(of: scene(bench)) { found += try await stage.process(chunk) }
    let clear = found.compactMap(\.sound).filter { $0.isClear }
    let event = try #require(clear.first)
    let encoder = try SentenceEncoder(folder: ModelLibrary().folder(of: "all-MiniLM-L6-v2"))
    let vector = try #require(event.embedding?.values)
    for text in [event.name, "the sound of \(event.name)"] {
      #expect(zip(vector, encoder.encode(text)).reduce(0) { $0 + $1.0 * $1.1 } > 0.85, "\(text)")
    }
    try await SoundStage(library: library).prepare { _ in Issue.record("the vectors were made twice") }
  }

  @Test("speech is not a sound event, nor is silence")
  func speech() async throws {
    let bench = try Workbench()
    let spoken = try await hear(
      chunks(of: bench.speech("said.wav", phrases: [(1, "The meeting starts at nine in the morning."), (1, "Please bring the report.")])))
    #expect(named("Speech", "Conversation", "Narration, monologue", "Speech synthesizer", in: spoken).isEmpty)
    let silent = try await hear(chunks(of: bench.sound("silent.wav", source: "anullsrc=r=16000:cl=mono,atrim=duration=12")))
    #expect(silent.isEmpty, "\(silent.compactMap(\.sound?.name))")
  }

  @Test("what goes on and on becomes background, and what stands out from it is still heard")
  func background() {
    var tracker = SoundTracker()
    let configuration = SoundConfiguration()
    var ended: [SoundTracker.Event] = []
    for window in 0..<4000 {
      let bell: Float = (3900..<3908).contains(window) ? 0.8 : 0.001
      ended += tracker.step(
        [0.95, bell], reported: [true, true], at: window * SoundStage.hop, hop: SoundStage.hop, configuration: configuration)
    }
    let music = ended.filter { $0.label == 0 }
    #expect(music.count == 1 && music[0].first == 0)
    #expect((120...300).contains(Double(music[0].last) / 16_000), "\(music)")
    let bells = ended.filter { $0.label == 1 }
    #expect(bells == [.init(label: 1, first: 3900 * SoundStage.hop, last: 3907 * SoundStage.hop, peak: 0.8)])
    #expect(tracker.finish().isEmpty)
  }

  @Test("a run restored at any second goes on as if it had not stopped, even when fed from earlier than it needs")
  func restore() async throws {
    let bench = try Workbench()
    let chunks = try await chunks(of: scene(bench))
    let whole = try await hear(chunks)
    #expect(whole.count >= 2)
    let (first, second) = (try SoundStage(library: ModelLibrary()), try SoundStage(library: ModelLibrary()))
    for stop in 1..<chunks.count {
      try await first.begin()
      var found: [Observation] = []
      for chunk in chunks[..<stop] { found += try await first.process(chunk) }
      try await second.begin(restoring: first.checkpoint())
      let (from, again) = (await first.replayFrom, await second.replayFrom)
      #expect(from <= chunks[stop].start && from == again)
      let early = stop.isMultiple(of: 2) ? from : from - MediaTime(seconds: 0.7)
      for chunk in chunks.compactMap({ $0.from(early) }) { found += try await second.process(chunk) }
      found += await second.finish()
      #expect(found == whole, "stopped at \(chunks[stop].start)")
    }
  }

  @Test("a hole in the sound ends what was heard, and what follows keeps its times")
  func hole() async throws {
    let bench = try Workbench()
    var chunks = try await chunks(of: scene(bench))
    for index in chunks.indices where index >= 6 { chunks[index].start = chunks[index].start + MediaTime(seconds: 30) }
    let found = try await hear(chunks)
    #expect(found.allSatisfy { !$0.range.overlaps(TimeRange(seconds: 6.4...35.6)) }, "\(found.map(\.range))")
    #expect(found.contains { $0.range.end.seconds < 6.4 } && found.contains { $0.range.start.seconds > 43 })
  }

  @Test("a missing model and a broken checkpoint are refused with one clear line")
  func refusals() throws {
    let bench = try Workbench()
    let missing = #expect(throws: PerceptionError.self) { try SoundStage(library: ModelLibrary(root: bench.folder)) }
    #expect(missing?.code == .unavailable && missing?.message.contains("yamnet") == true && missing?.message.contains("\n") == false)
    let broken = #expect(throws: PerceptionError.self) { try SoundStage(library: ModelLibrary(), restoring: Data([1, 2, 3])) }
    #expect(broken?.code == .corruptInput)
  }
}
