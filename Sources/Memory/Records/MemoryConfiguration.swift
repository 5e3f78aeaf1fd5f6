import Core

/// How a memory is kept. Every choice is a name or a number that a pipeline file can set.
package struct MemoryConfiguration: Sendable, Equatable, Codable {
  package var segmentation = Segmentation()
  package var pooling = Pooling()
  package var shortTerm = ShortTerm()

  package init() {}

  /// How a stream is cut into episodes.
  package struct Segmentation: Sendable, Equatable, Codable {
    package var strategy = Strategy.surprise
    package var refiner = Refiner.mergeWeak
    /// `surprise`: how many standard deviations above its recent mean a frame's surprise must lie. *Source* EM-LLM, section 3.1: 1.
    package var gamma: Float = 1
    /// `surprise`: how many recent surprises the mean and the deviation are taken over.
    package var window = 128
    /// `surprise`: how many frames before a frame it is compared with.
    package var context = 8
    /// Fewest frames in an episode, the last one of a stream excepted.
    package var shortest = 3
    /// Most frames in an episode.
    package var longest = 64
    /// Least time between two boundaries, in seconds.
    package var refractorySeconds = 2.0
    /// Every refiner: how many frames on each side of a boundary are compared, and so its delay.
    package var mergeReach = 8
    /// `mergeWeak`: two sides whose centred means have a higher cosine than this are one episode.
    package var mergeSimilarity: Float = 0.7
    /// `mergeWeak`: two sides whose means differ by less than this many times the spread within them are one episode.
    package var mergeContrast: Float = 1.5
    /// `fixed`: frames per episode. `clip`: most frames per clip.
    package var clipFrames = 16
    /// `clip`: a frame less similar than this to the one before begins a new clip.
    package var clipSimilarity: Float = 0.9
    /// Streams without a picture: a pause of at least this many seconds ends an episode.
    package var pauseSeconds = 2.0
    /// Streams without a picture: no episode lasts longer.
    package var longestSeconds = 60.0

    package init() {}

    package enum Strategy: String, Sendable, Codable, CaseIterable {
      /// A boundary every `clipFrames` frames.
      case fixed
      /// The clip rule of InternLM-XComposer2.5-OmniLive's released code.
      case clip
      /// Surprise against the recent past, EM-LLM section 3.1.
      case surprise
    }

    package enum Refiner: String, Sendable, Codable, CaseIterable {
      case none
      /// Takes back a boundary whose two sides turn out to be alike.
      case mergeWeak
      /// Moves a boundary to where modularity is highest, EM-LLM section 3.2.
      case modularity
      /// Moves a boundary to where conductance is lowest, EM-LLM section 3.2.
      case conductance
    }
  }

  /// Progressive pooling inside an episode. *Source* Visual Context Window Extension, equations 6 to 9 and section 4.2.
  package struct Pooling: Sendable, Equatable, Codable {
    /// Frames per group; groups restart at every episode.
    package var group = 4
    /// Stride of a group's first frame.
    package var highResolutionStride = 2
    /// Stride of the others.
    package var lowResolutionStride = 8
    package init() {}
  }

  /// What stays in memory at full resolution.
  package struct ShortTerm: Sendable, Equatable, Codable {
    package var seconds = 30.0
    package var bytes = 64 << 20
    package init() {}
  }
}
