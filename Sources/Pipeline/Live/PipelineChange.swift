import Core
import Perception

/// What a running tail takes over of another pipeline file, as a value. What needs a model, a connection or a memory opened anew stays.
///
/// Whatever else becomes changeable while a tail runs is added to `init`: take it over into `configuration`, and name its section.
package struct PipelineChange: Sendable, Equatable {
  /// What holds from now on.
  package private(set) var configuration: PipelineConfiguration
  /// Sections that changed, and keys that would have to change and cannot.
  package private(set) var taken: [String] = []
  package private(set) var left: [String] = []

  /// - Parameters:
  ///   - begun: what the tail began with: a stage that was off then has no model.
  ///   - current: what holds now.
  package init(from current: PipelineConfiguration, begun: PipelineConfiguration, to new: PipelineConfiguration) {
    var next = current
    var left: [String] = []
    func keep<Value: Equatable>(_ key: String, _ path: WritableKeyPath<PipelineConfiguration, Value>) {
      if new[keyPath: path] != current[keyPath: path] { left.append(key) }
      next[keyPath: path] = current[keyPath: path]
    }
    func switched(_ key: String, _ path: WritableKeyPath<PipelineConfiguration, Bool>) {
      if new[keyPath: path], !begun[keyPath: path] { left.append(key) }
      next[keyPath: path] = new[keyPath: path] && begun[keyPath: path]
    }
    (next.vision, next.text, next.speech, next.sound, next.alerts) = (new.vision, new.text, new.speech, new.sound, new.alerts)
    switched("vision.enabled", \.vision.isEnabled)
    switched("text.enabled", \.text.isEnabled)
    switched("speech.enabled", \.speech.isEnabled)
    switched("sound.enabled", \.sound.isEnabled)
    keep("vision.model", \.vision.stage.model)
    keep("text.language", \.text.stage.language)
    keep("speech (but for enabled)", \.speech.stage)
    keep("sound.model", \.sound.stage.model)
    keep("sentences.model", \.sentences.model)
    keep("reader", \.reader)
    keep("memory", \.memory)
    keep("channels", \.channels)
    (next.vision.stage.sentenceModel, next.sound.stage.sentenceModel) = (current.sentences.model, current.sentences.model)
    func took<Value: Equatable>(_ section: String, _ path: KeyPath<PipelineConfiguration, Value>) {
      if next[keyPath: path] != current[keyPath: path] { taken.append(section) }
    }
    configuration = next
    self.left = left
    took("vision", \.vision)
    took("text", \.text)
    took("speech", \.speech)
    took("sound", \.sound)
    took("alerts", \.alerts)
  }

  /// What became of the file, in one line.
  package var line: String {
    let changed = taken.isEmpty ? "nothing changed" : "took over \(taken.joined(separator: ", "))"
    return left.isEmpty ? changed : "\(changed); only a new start changes \(left.joined(separator: ", "))"
  }
}
