import Core
import Testing

@testable import Pipeline

@Suite("When the signal of a live stream is gone, and when it is back")
struct OutagesTests {
  private func at(_ seconds: Double) -> MediaTime { MediaTime(seconds: seconds) }

  /// A stream that has sent evenly for ten seconds.
  private func steady() -> Outages {
    var outages = Outages(from: .zero)
    outages.connect(at: .zero)
    outages.begin(at: .zero)
    for step in 0..<100 {
      let start = Double(step) / 10
      #expect(outages.come(TimeRange(seconds: start...start + 0.1), at: at(start)) == [])
      #expect(outages.wait(until: at(start + 0.05), isSteady: true) == [])
    }
    return outages
  }

  private func texts(_ actions: [Outages.Action]) -> [String] {
    actions.map {
      switch $0 {
      case .lost(let outage): "lost \(outage.start.seconds) \(outage.reason)"
      case .tell(let outage, let until, true): "over \(outage.start.seconds) \(until.seconds) \(outage.reason)"
      case .tell(let outage, let until, false): "since \(outage.start.seconds) \(until.seconds) \(outage.reason)"
      case .returned(_, let end): "back \(end.seconds)"
      }
    }
  }

  @Test("a pause of five seconds on a connection that stands is an outage of its true length")
  func pause() {
    var outages = steady()
    #expect(outages.wait(until: at(11.8), isSteady: true) == [])
    let opening = texts(outages.wait(until: at(12.2), isSteady: true))
    #expect(opening == ["lost 10.0 \(Outages.pauseReason)", "since 10.0 12.2 \(Outages.pauseReason)"])
    #expect(outages.wait(until: at(14), isSteady: true) == [])
    let closing = texts(outages.come(TimeRange(seconds: 15...15.1), at: at(15)))
    #expect(closing == ["over 10.0 15.0 \(Outages.pauseReason)", "back 15.0"])
    #expect(outages.current == nil)
  }

  @Test("what comes late after a pause closes it at the moment it comes, says so, and makes the next such pause no news")
  func late() {
    var outages = steady()
    _ = outages.wait(until: at(12.2), isSteady: true)
    let reason = "the source stopped sending; what it sent meanwhile came late"
    #expect(texts(outages.come(TimeRange(seconds: 10...14), at: at(14))) == ["over 10.0 14.0 \(reason)", "back 14.0"])
    for burst in 4..<10 {
      let start = Double(burst) * 4 - 2
      #expect(outages.wait(until: at(start + 3.9), isSteady: true) == [])
      #expect(outages.come(TimeRange(seconds: start...start + 4), at: at(start + 4)) == [])
    }
  }

  @Test("a packet that was held back before the pause does not end it")
  func heldBack() {
    var outages = steady()
    _ = outages.wait(until: at(12.2), isSteady: true)
    #expect(outages.come(TimeRange(seconds: 10...10.1), at: at(15)) == [])
    let closing = texts(outages.come(TimeRange(seconds: 15...15.1), at: at(15)))
    #expect(closing == ["over 10.0 15.0 \(Outages.pauseReason)", "back 15.0"])
  }

  @Test("a source that sends in bursts is judged by the holes on its clock alone")
  func bursts() {
    var outages = steady()
    #expect(outages.wait(until: at(16), isSteady: false) == [])
    #expect(outages.come(TimeRange(seconds: 10...16), at: at(16)) == [])
    let hole = texts(outages.come(TimeRange(seconds: 20...22), at: at(17)))
    #expect(hole == ["lost 16.0 \(Outages.pauseReason)", "over 16.0 20.0 \(Outages.pauseReason)", "back 20.0"])
  }

  @Test("an outage is told while it lasts, and closed wherever the media that ends it is placed", arguments: [9.5, 10, 10.9, 14])
  func reconnection(start: Double) {
    var outages = steady()
    #expect(texts(outages.lose("reset", at: at(10.2))) == ["lost 10.0 reset", "since 10.0 10.2 reset"])
    #expect(outages.lose("connection refused", at: at(11)) == [])
    #expect(texts(outages.wait(until: at(15.3), isSteady: false)) == ["since 10.0 15.3 connection refused"])
    outages.connect(at: at(15.5))
    let closing = outages.come(TimeRange(seconds: start...start + 1.1), at: at(16))
    #expect(texts(closing) == ["over 10.0 \(start < 11 ? 16.0 : 15.3) connection refused", "back \(start < 11 ? 16.0 : 15.3)"])
    #expect(outages.wait(until: at(16.1), isSteady: true) == [])
  }

  @Test("before the stream has begun there is nothing to remember an outage of")
  func beginning() {
    var outages = Outages(from: .zero)
    #expect(texts(outages.lose("not found (404)", at: .zero)) == ["lost 0.0 not found (404)"])
    #expect(outages.wait(until: .zero, isSteady: false) == [])
    outages.connect(at: .zero)
    outages.begin(at: .zero)
    #expect(texts(outages.come(TimeRange(seconds: 0...0.6), at: .zero)) == ["back 0.0"])
  }

  @Test("a stream that is followed again and is not there is missed from then on")
  func again() {
    var outages = Outages(from: at(100))
    _ = outages.lose("connection refused", at: at(101))
    outages.connect(at: at(130))
    outages.begin(at: at(130))
    #expect(texts(outages.come(TimeRange(seconds: 131...131.1), at: at(131))) == ["over 100.0 131.0 connection refused", "back 131.0"])
  }

  @Test("at the end an outage that goes on is closed")
  func ending() {
    var outages = steady()
    _ = outages.lose("reset", at: at(10.2))
    #expect(texts(outages.finish(at: at(20))) == ["over 10.0 20.0 reset"])
    #expect(outages.finish(at: at(20)) == [])
  }
}
