import Core
import Memory

/// What chance scores in one stream, sense by sense: the best scores of the neutral queries.
struct Chance: Sendable {
  let nulls: [Modality: NullDistribution]

  init(in reading: StreamReading, encoder: QueryEncoder) async throws {
    var best: [Modality: [Double]] = [:]
    if let track = reading.track, let windows = reading.windows {
      var queries: [[Float]] = []
      for query in NeutralQueries.all {
        if let vector = try await encoder.mean(of: NeutralQueries.wordings(of: query), in: track.space) { queries.append(vector) }
      }
      best[.vision] = VectorScan.cosines(rows: track.vectors, queries: queries).map(windows.highest)
    }
    if let space = reading.items.space {
      var queries: [[Float]] = []
      for query in NeutralQueries.all { if let vector = try await encoder.vector(of: query, in: space) { queries.append(vector) } }
      let senses = Modality.allCases.map { modality in
        // A row is looked at once for each sense it occurs in; something without a vector scores nothing.
        let rows = zip(reading.items.items, reading.items.rows).filter { $0.0.modality == modality }.map(\.1)
        return (modality, rows: Set(rows.filter { $0 >= 0 }).map(Int.init), least: rows.contains(-1) ? 0 : -1.0, isEmpty: rows.isEmpty)
      }
      for cosines in VectorScan.cosines(rows: reading.items.vectors, queries: queries) {
        for (modality, rows, least, isEmpty) in senses where !isEmpty {
          best[modality, default: []].append(rows.reduce(least) { max($0, Double(cosines[$1])) })
        }
      }
    }
    nulls = best.mapValues(NullDistribution.init)
  }
}
