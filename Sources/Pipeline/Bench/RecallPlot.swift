/// Recall against age, one panel for each budget, as the text of an SVG picture.
package struct RecallPlot {
  private let report: MemoryReport

  package init(_ report: MemoryReport) { self.report = report }

  /// The ways that are drawn, their colours, and whether they are dashed.
  private static let lines: [(arm: BenchArm, colour: String, dashes: String)] = [
    (.everything, "#999999", "2 3"), (.salience, "#c0392b", ""), (.reservoir, "#8e44ad", ""), (.uniform, "#2980b9", ""),
    (.keyframe, "#16a085", ""), (.recentOnly, "#d68910", "6 3"),
  ]

  private static let (left, top, width, height, gap) = (44.0, 34.0, 230.0, 190.0, 26.0)

  package var svg: String {
    let panels = Double(report.budgets.count)
    let size = (Self.left + panels * (Self.width + Self.gap) + 130, Self.top + Self.height + 46)
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Int(size.0))\" height=\"\(Int(size.1))\" font-family=\"sans-serif\" font-size=\"11\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
    ]
    for (index, budget) in report.budgets.enumerated() {
      parts += panel(budget, at: Self.left + Double(index) * (Self.width + Self.gap), isFirst: index == 0)
    }
    let right = Self.left + panels * (Self.width + Self.gap) - Self.gap + 14
    for (index, line) in Self.lines.enumerated() {
      let y = Self.top + 12 + Double(index) * 18
      parts.append(stroke("M\(fixed(right)) \(fixed(y - 4)) h22", line.colour, line.dashes))
      parts.append(text(line.arm == .standard ? "this memory" : line.arm.rawValue, right + 28, y))
    }
    return (parts + ["</svg>", ""]).joined(separator: "\n")
  }

  private func panel(_ budget: Double, at left: Double, isFirst: Bool) -> [String] {
    var parts: [String] = []
    let bottom = Self.top + Self.height
    for tick in 0...5 {
      let y = bottom - Double(tick) / 5 * Self.height
      parts.append(stroke("M\(fixed(left)) \(fixed(y)) h\(fixed(Self.width))", "#e5e5e5", "", width: 1))
      if isFirst { parts.append(text(fixed(Double(tick) / 5), left - 8, y + 4, anchor: "end")) }
    }
    parts.append(text("\(percent(budget)) of the bytes", left + Self.width / 2, Self.top - 12, anchor: "middle"))
    for (index, age) in report.ages.enumerated() {
      parts.append(text(MemoryReport.name(ofAge: age), x(index, left), bottom + 16, anchor: "middle"))
    }
    parts.append(text("age of the moment", left + Self.width / 2, bottom + 34, anchor: "middle"))
    if isFirst { parts.append(text("recall among five", left - 36, Self.top - 12)) }
    for (number, line) in Self.lines.enumerated() {
      let points = report.ages.indices.map { age in report.estimate(line.arm, budget: budget) { $0.recall[age] } }
      // Lines beside each other, so that their intervals can be told apart.
      let shift = 3 * (Double(number) - Double(Self.lines.count - 1) / 2)
      func y(_ value: Double) -> Double { bottom - value * Self.height }
      let path = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(fixed(x($0, left) + shift)) \(fixed(y($1.mean)))" }
      parts.append(stroke(path.joined(separator: " "), line.colour, line.dashes))
      for (index, point) in points.enumerated() {
        let place = fixed(x(index, left) + shift)
        parts.append(stroke("M\(place) \(fixed(y(point.low))) L\(place) \(fixed(y(point.high)))", line.colour, "", width: 1))
      }
    }
    return parts
  }

  private func x(_ index: Int, _ left: Double) -> Double {
    left + 20 + (Self.width - 40) * (report.ages.count > 1 ? Double(index) / Double(report.ages.count - 1) : 0.5)
  }

  private func stroke(_ path: String, _ colour: String, _ dashes: String, width: Double = 2) -> String {
    let dashes = dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\""
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"\(fixed(width))\"\(dashes)/>"
  }

  private func text(_ words: String, _ x: Double, _ y: Double, anchor: String = "start") -> String {
    "<text x=\"\(fixed(x))\" y=\"\(fixed(y))\" text-anchor=\"\(anchor)\" fill=\"#333333\">\(words)</text>"
  }

  private func percent(_ share: Double) -> String {
    let hundredths = (share * 100 * 100).rounded() / 100
    return "\(hundredths == hundredths.rounded() ? String(Int(hundredths)) : String(hundredths)) %"
  }

  /// One digit after the point.
  private func fixed(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
