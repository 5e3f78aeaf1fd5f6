/// What the vision stage may be told in a pipeline file. Every value has a default that works.
package struct VisionConfiguration: Sendable, Codable, Equatable {
  /// An EfficientNet-Lite0 of the library, or a folder with one and its `labels.json`.
  package var model = "efficientnet-lite0"
  /// The model whose space labels and questions meet in; without it frames can only be compared with frames.
  package var sentenceModel = SentenceStage.defaultModel
  /// Labels kept per frame, the likeliest first. Below the fifth, probabilities are mostly under 0.02.
  package var tags = 5
  /// Labels that enter a frame's vector in the space of sentences, the likeliest first (Norouzi et al. 2014 use 10).
  package var blendedLabels = 10
  /// Whether what moves in a picture that stands still otherwise is looked at by itself: about 15 ms for every such picture.
  package var looksCloser = true
  /// A small picture of every frame, at most 320 pixels wide or high: 0.3 ms and about 10 kB. Memory keeps one per episode.
  package var thumbnails = true
  /// JPEG quality of the thumbnails, 1...100.
  package var thumbnailQuality = 75

  package init() {}
}
