/// F1 of boundaries within a tolerance, each truth matched once, in order.
func boundaryF1(found: [Double], truth: [Double], tolerance: Double = 2) -> Double {
  var free = truth
  var hits = 0
  for time in found {
    guard let best = free.indices.min(by: { abs(free[$0] - time) < abs(free[$1] - time) }), abs(free[best] - time) <= tolerance else {
      continue
    }
    free.remove(at: best)
    hits += 1
  }
  return found.count + truth.count == 0 ? 1 : 2 * Double(hits) / Double(found.count + truth.count)
}
