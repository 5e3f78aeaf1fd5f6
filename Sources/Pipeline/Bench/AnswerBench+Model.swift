import Core
import Memory
import Perception

extension AnswerBench {
  /// With the sentence model of a pipeline; nil where it is not installed.
  package init?(_ configuration: PipelineConfiguration, library: ModelLibrary = ModelLibrary()) throws {
    let model = configuration.sentences.model
    guard library.isInstalled(model) else { return nil }
    let stage: SentenceStage
    do { stage = try SentenceStage(library: library, model: model) } catch {
      throw PipelineError(.badModel, code: .unavailable, "\(model): \(PipelineError.line(for: error))", cause: error)
    }
    self.init(space: stage.space) { try await stage.embedding(of: $0) }
  }
}
