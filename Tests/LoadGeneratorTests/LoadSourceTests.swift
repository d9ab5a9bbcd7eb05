import HTTPClient
@testable import LoadGenerator
import Telemetry
import Testing

@Suite struct LoadSourceTests {
  private func dues(
    _ pattern: ArrivalPattern, rate: Double, duration: Duration?, seed: UInt64 = 1,
    limit: Int = .max
  ) -> [UInt64] {
    var schedule = ArrivalSchedule(pattern: pattern, rate: rate, duration: duration, seed: seed)
    var dues: [UInt64] = []
    while dues.count < limit, let due = schedule.next() { dues.append(due) }
    return dues
  }

  @Test func constantArrivalsAreAtEqualDistances() {
    let dues = dues(.constant, rate: 40, duration: .seconds(2))
    #expect(dues == (0..<80).map { UInt64($0) * 25_000_000 })
    // No error grows: the millionth is where it should be.
    let many = self.dues(.constant, rate: 3, duration: nil, limit: 1_000_000)
    #expect(many.last == 333_333_000_000_000)
  }

  @Test func poissonArrivalsAreIndependent() {
    let rate = 200.0
    let dues = dues(.poisson, rate: rate, duration: .seconds(100))
    // 20,000 expected, with a standard deviation of 141.
    #expect((19_300...20_700).contains(dues.count), "\(dues.count)")
    #expect(zip(dues, dues.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(dues.allSatisfy { $0 < 100_000_000_000 })
    // Of exponential distances, 1/e are longer than the mean, and 1/e² than twice the mean.
    let gaps = zip(dues, dues.dropFirst()).map { Double($1 - $0) * rate / 1e9 }
    for (bound, part) in [(1.0, 0.3679), (2.0, 0.1353)] {
      let share = Double(gaps.count { $0 > bound }) / Double(gaps.count)
      #expect(abs(share - part) < 0.02, "\(share) are longer than \(bound)")
    }
  }

  @Test(arguments: ArrivalPattern.allCases)
  func theSameSeedGivesTheSameLoad(_ pattern: ArrivalPattern) throws {
    var plan = LoadPlan(
      orderService: try #require(HTTPURL("http://a")),
      inventoryService: try #require(HTTPURL("http://b")))
    plan.arrivals = pattern
    plan.rate = 100
    plan.duration = .seconds(10)
    plan.seed = 5
    func load(_ plan: LoadPlan) -> [String] {
      var source = LoadSource(plan)
      var load: [String] = []
      while let arrival = source.next() {
        load.append("\(arrival.due) \(arrival.endpoint) \(arrival.choice)")
      }
      return load
    }
    let first = load(plan)
    #expect(first.count > 500 && load(plan) == first)
    plan.seed = 6
    #expect(load(plan) != first)

    var source = LoadSource(plan)
    let taken = (0..<10).compactMap { _ in source.next() }
    #expect(taken.count == 10)
    #expect(source.nextDue.map { $0 >= taken[9].due } == true)
    #expect(source.drop() == UInt64(load(plan).count - 10))
    #expect(source.next() == nil && source.nextDue == nil && source.drop() == 0)
  }

  @Test func mixesAreProportional() throws {
    let mix = try #require(LoadMix("order=3,stock=1,unknown=0"))
    var generator = SplitMix64(seed: 1)
    var counts: [LoadEndpoint: Int] = [:]
    for _ in 0..<40_000 { counts[mix.choose(&generator), default: 0] += 1 }
    #expect(Set(counts.keys) == [.order, .stock])
    // 30,000 expected, with a standard deviation of 87.
    #expect(abs(counts[.order, default: 0] - 30_000) < 500)
    #expect(LoadMix("order=40,list-products=35,list-orders=15,stock=8,unknown=2") == .standard)
  }

  @Test(arguments: [
    "", "order", "order=", "order=x", "order=-1", "order=1000001", "order=1,order=2", "order=0",
    "nothing=1", "order=1,", ",", "order=1=2", "Order=1",
  ])
  func otherTextsAreNoMix(_ text: String) {
    #expect(LoadMix(text) == nil)
  }
}
