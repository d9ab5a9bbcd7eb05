import Glibc
import Testing

@testable import ServiceKit

@Suite struct DescriptorLimitTests {
  /// Wanted, descriptors, and what is left for connections.
  @Test(arguments: [
    (10_000, 1_048_576, 10_000), (10_000, 10_256, 10_000), (10_000, 10_255, 9_999),
    (10_000, 1_024, 768), (10_000, 1_000, 750), (10_000, 4, 3), (10_000, 1, 1), (10_000, 0, 1),
    (5, 1_024, 5), (1, 0, 1),
  ])
  func connectionsLeaveDescriptorsForOthers(_ wanted: Int, _ descriptorsMax: Int, _ left: Int) {
    #expect(DescriptorLimit.connectionsMax(wanted, descriptorsMax: descriptorsMax) == left)
  }

  @Test func theSoftLimitBecomesTheHardOne() async {
    await #expect(processExitsWith: .success) {
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
      var limit = rlimit()
      getrlimit(resource, &limit)
      let hard = limit.rlim_max
      limit.rlim_cur = min(100, hard)
      #expect(setrlimit(resource, &limit) == 0)
      #expect(DescriptorLimit.raise() == Int(clamping: hard))
      getrlimit(resource, &limit)
      #expect(limit.rlim_cur == hard)
    }
  }
}
