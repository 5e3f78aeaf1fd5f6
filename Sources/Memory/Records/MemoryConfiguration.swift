import Core

/// How a memory is kept. Every choice is a name or a number that a pipeline file can set.
package struct MemoryConfiguration: Sendable, Equatable, Codable {
  package var segmentation = Segmentation()
  package var pooling = Pooling()
  package var shortTerm = ShortTerm()
  package var retention = Retention()
  /// Most bytes the memory's folder may take, all streams together. Nil leaves what was set before; 256 MB where nothing was.
  package var budgetBytes: Int?

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
    package var anchor = Anchor.first
    package var strategy = Strategy.progressive
    package init() {}

    /// Which frame of a group keeps more detail.
    package enum Anchor: String, Sendable, Codable, CaseIterable {
      /// The first. *Source* Visual Context Window Extension.
      case first
      /// The one whose picture has changed most, in any one place, since the anchor before.
      case novel
    }

    /// What stretches an episode is kept as once its single frames are given up.
    package enum Strategy: String, Sendable, Codable, CaseIterable {
      /// Stretches that belong together: most where the episode changes most (`EpisodeCode`).
      case progressive
      /// Stretches of equal length, eight frames each.
      case uniform
      /// Stretches of four frames: the time resolution halved twice. *Source* Informer, section 3.2 (distilling).
      case halving
      /// One picture for the whole episode, its first.
      case keyframe
    }
  }

  /// What stays in memory at full resolution.
  package struct ShortTerm: Sendable, Equatable, Codable {
    package var seconds = 30.0
    package var bytes = 64 << 20
    package init() {}
  }

  /// How long detail is kept, and what is given up first.
  package struct Retention: Sendable, Equatable, Codable {
    package var strategy = Strategy.salience
    /// Level 1: how long an episode keeps a vector per frame and a grid per group of frames, in seconds of stream.
    package var pooledSeconds = 600.0
    /// Level 2: how long it keeps a vector per two seconds and a grid per sixteen frames.
    package var anchorSeconds = 3600.0
    /// Level 3: most stretches an episode is kept as.
    package var representatives = 8
    /// Level 3: two neighbouring stretches that differ by less than this are one (Ward's criterion on unit vectors: squared distance of
    /// the means times the harmonic mean of the lengths in frames, halved).
    package var leastGain: Float = 0.5
    /// `salience`: hours of stream after which an item counts half; 0 for never.
    package var halfLifeHours = 0.0
    /// Most first appearances a stream remembers as such.
    package var landmarks = 512
    /// How unlike every landmark something must be to become one, 0...2.
    package var landmarkNovelty: Float = 0.35
    /// Most earlier stretches an episode is linked to when it ends; 0 for none. *Source* HMT, section 3.2.
    package var reminders = 0
    /// How like a first appearance a stretch must be to remind of it, a centred cosine: what is best on real features (`bench memory`).
    package var reminderSimilarity: Float = 0.82

    package init() {}

    /// What is given up first when there is no more room.
    package enum Strategy: String, Sendable, Codable, CaseIterable {
      /// The oldest. *Source* LongMem, section 2.3 (the memory bank is a queue).
      case fifo
      /// The oldest, the very beginning excepted. *Source* LM-Infinite, section 3.2 (Lambda-shaped attention).
      case lambda
      /// Any with equal chances, so that what is left is a fair sample of the whole. *Source* Vitter 1985, algorithm R.
      case reservoir
      /// The least salient: what is like something known, or stands alone. *Source* SirLLM, section 3.2, with novelty times support in
      /// the place of token entropy.
      case salience
    }
  }
}
