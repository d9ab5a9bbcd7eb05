@testable import HTTPServer
import Testing

@Suite struct MemoryReleaseTests {
  @Test(arguments: [
    // peak, left, due
    (64, 0, true), (63, 0, false), (128, 64, true), (128, 65, false), (1000, 500, true),
    (1000, 501, false), (0, 0, false), (100, 36, true), (100, 37, false), (100, 100, false),
  ])
  func afterManyHaveEnded(_ peak: Int, _ left: Int, _ isDue: Bool) {
    var release = MemoryRelease()
    for count in [peak / 2, peak, left] { release.note(connectionCount: count) }
    #expect(release.isWorthwhile(connectionCount: left) == isDue)
    // Once for each time.
    let isDueTwice = [release.isDue(connectionCount: left), release.isDue(connectionCount: left)]
    #expect(isDueTwice == [isDue, false])
  }

  @Test func itCountsFromTheLastTime() {
    var release = MemoryRelease()
    release.note(connectionCount: 1000)
    let isDue = [200, 137, 101, 100, 0, 0].map { release.isDue(connectionCount: $0) }
    #expect(isDue == [true, false, false, true, true, false])
  }
}
