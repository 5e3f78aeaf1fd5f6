import Core
import Testing

@testable import Pipeline

@Suite("Where barriers stand")
struct BarrierScheduleTests {
  private func text(_ sent: [(lane: BarrierSchedule.Lane, barrier: Barrier)]) -> [String] {
    sent.map { "\($0.lane) \($0.barrier.time.seconds)" }
  }

  @Test("a lane gets every whole second before its next item, and the source follows the slowest lane")
  func seconds() {
    var schedule = BarrierSchedule(lanes: [.video, .sound])
    #expect(schedule.advance(.video, to: MediaTime(seconds: 0.9)).isEmpty)
    #expect(text(schedule.advance(.video, to: MediaTime(seconds: 2.5))) == ["video 1.0", "video 2.0"])
    #expect(schedule.advance(.video, to: MediaTime(seconds: 2.9)).isEmpty)
    #expect(text(schedule.advance(.sound, to: MediaTime(seconds: 1))) == ["sound 1.0", "source 1.0"])
    #expect(text(schedule.advance(.sound, to: MediaTime(seconds: 3))) == ["sound 2.0", "sound 3.0", "source 2.0"])
    #expect(schedule.advance(.video, to: MediaTime(seconds: -5)).isEmpty)
  }

  @Test("a lane that falls silent is carried along ten seconds behind")
  func silence() {
    var schedule = BarrierSchedule(lanes: [.video, .sound])
    #expect(text(schedule.advance(.video, to: MediaTime(seconds: 12))).suffix(4) == ["sound 1.0", "sound 2.0", "source 1.0", "source 2.0"])
  }

  @Test("a clock that jumps by years costs two barriers a lane")
  func jump() {
    var schedule = BarrierSchedule(lanes: [.video])
    #expect(
      text(schedule.advance(.video, to: MediaTime(seconds: 1e9))) == [
        "video 1.0", "video 1000000000.0", "source 1.0", "source 1000000000.0",
      ])
  }

  @Test("after a resume the first barrier lies after the last committed one")
  func resume() {
    var schedule = BarrierSchedule(lanes: [.video], start: MediaTime(seconds: 7))
    #expect(schedule.advance(.video, to: MediaTime(seconds: 7)).isEmpty)
    #expect(text(schedule.advance(.video, to: MediaTime(seconds: 8.1))) == ["video 8.0", "source 8.0"])
  }
}
