@testable import HTTPServer
import Testing

@Suite struct TransferPaceTests {
  @Test(arguments: [
    // rate, grace, received, waited, left; all times in milliseconds
    (240, 5000, 0, 0, 5000), (240, 5000, 0, 5000, 0), (240, 5000, 0, 6000, -1000),
    (240, 5000, 240, 5000, 1000), (240, 5000, 120, 5000, 500), (240, 0, 2400, 10_000, 0),
    (1, 0, 3, 1000, 2000), (1_000_000, 100, 1000, 100, 1), (1_073_741_824, 1, 0, 0, 1),
  ])
  func allowance(_ rate: Int, _ grace: Int, _ received: Int, _ waited: Int, _ left: Int) {
    var pace = TransferPace()
    pace.note(byteCount: received / 2)
    pace.note(waited: .milliseconds(waited / 2))
    pace.note(byteCount: received - received / 2)
    pace.note(waited: .milliseconds(waited - waited / 2))
    let allowance = pace.allowance(bytesPerSecondMin: rate, grace: .milliseconds(grace))
    #expect(allowance == .milliseconds(left))
  }

  @Test func noRateAllowsAny() {
    var pace = TransferPace()
    pace.note(waited: .seconds(1_000_000))
    #expect(pace.allowance(bytesPerSecondMin: 0, grace: .zero) > .seconds(1_000_000_000))
  }

  @Test func numbersBeyondAllMeasure() {
    var pace = TransferPace()
    pace.note(byteCount: .max)
    pace.note(waited: .seconds(-1))
    #expect(pace.allowance(bytesPerSecondMin: 1, grace: .zero) == .seconds(Int.max))
  }
}
