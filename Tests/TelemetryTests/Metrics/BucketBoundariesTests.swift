import Testing

@testable import Telemetry

@Suite("Bucket boundaries")
struct BucketBoundariesTests {
  @Test(
    "upper bounds are inclusive",
    arguments: [
      (-1.0, 0), (0, 0), (0.nextUp, 1), (5, 1), (5.0.nextUp, 2), (10, 2), (10.0.nextUp, 3),
      (1e300, 3), (-1e300, 0),
    ] as [(Double, Int)])
  func buckets(_ value: Double, _ bucket: Int) {
    #expect(BucketBoundaries([0, 5, 10]).bucket(of: value) == bucket)
  }

  @Test("any number of bounds", arguments: 0...40)
  func counts(_ count: Int) {
    let values = (0..<count).map { Double($0) * 2 }
    let boundaries = BucketBoundaries(values)
    #expect(boundaries.bucketCount == count + 1)
    for probe in stride(from: -1.0, through: Double(count) * 2 + 1, by: 0.5) {
      #expect(boundaries.bucket(of: probe) == values.count { $0 < probe })
    }
  }

  @Test(
    "bounds have to rise and to be finite",
    arguments: [
      ([], true), ([1], true), ([1, 2], true), ([1, 1], false), ([2, 1], false),
      ([1, .infinity], false), ([-.infinity, 1], false), ([.nan], false), ([1, .nan, 2], false),
    ] as [([Double], Bool)])
  func validity(_ values: [Double], _ isValid: Bool) {
    #expect(BucketBoundaries.isValid(values) == isValid)
  }
}
