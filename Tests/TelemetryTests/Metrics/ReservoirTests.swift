import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Exemplar reservoirs")
struct ReservoirTests {
  private func measurement(_ value: Double) -> ExemplarMeasurement {
    ExemplarMeasurement(
      value: .double(value), unixNanoseconds: UInt64(value), filteredAttributes: [], context: nil)
  }

  /// Offers the numbers from 0, passing over those that the reservoir does not ask for.
  private func sample(_ reservoir: some ExemplarReservoir, _ count: Int) -> [Double] {
    var next = 0
    while next < count { next += 1 + Int(reservoir.offer(measurement(Double(next)))) }
    return reservoir.collect().map(\.value.double)
  }

  /// Pearson's test with nine degrees of freedom: what is uniform passes in 9,999 of 10,000 cases,
  /// and the seeds are fixed.
  private func expectUniform(_ tenths: [Int]) {
    let expected = Double(tenths.reduce(0, +)) / 10
    let deviation = tenths.reduce(0.0) { sum, count in
      sum + (Double(count) - expected) * (Double(count) - expected) / expected
    }
    #expect(deviation < 33.7, "\(tenths)")
  }

  @Test("as many as fit are all kept", arguments: [1, 3, 20])
  func few(_ size: Int) {
    let reservoir = SimpleFixedSizeReservoir(size: size, seed: 1)
    #expect(sample(reservoir, size) == (0..<size).map(Double.init))
    // And again: nothing is left of the first time.
    #expect(sample(reservoir, size) == (0..<size).map(Double.init))
    #expect(reservoir.collect().isEmpty)
  }

  @Test("never more than fit", arguments: [1, 3, 20])
  func many(_ size: Int) {
    let values = sample(SimpleFixedSizeReservoir(size: size, seed: 2), 10_000)
    #expect(values.count == size)
    #expect(Set(values).count == size)
  }

  @Test("each measurement is as likely as any other", arguments: [1, 4])
  func uniform(_ size: Int) {
    let rounds = 4_000
    var tenths = [Int](repeating: 0, count: 10)
    for round in 0..<rounds {
      for value in sample(SimpleFixedSizeReservoir(size: size, seed: UInt64(round)), 1_000) {
        tenths[Int(value) / 100] += 1
      }
    }
    expectUniform(tenths)
  }

  @Test("one for each bucket, of its own values")
  func aligned() {
    let reservoir = AlignedHistogramBucketReservoir(boundaries: [10, 20], seed: 3)
    for value in [5.0, 10, 10.5, 30] { _ = reservoir.offer(measurement(value)) }
    #expect(reservoir.collect().map(\.value.double) == [10, 10.5, 30])
    #expect(reservoir.collect().isEmpty)
    _ = reservoir.offer(measurement(15))
    #expect(reservoir.collect().map(\.value.double) == [15])
  }

  @Test("each measurement of a bucket is as likely as any other")
  func alignedUniform() {
    let rounds = 4_000
    var tenths = [Int](repeating: 0, count: 10)
    for round in 0..<rounds {
      let reservoir = AlignedHistogramBucketReservoir(boundaries: [10_000], seed: UInt64(round))
      for value in sample(reservoir, 1_000) { tenths[Int(value) / 100] += 1 }
    }
    expectUniform(tenths)
  }

  @Test("an exemplar has the span of its context")
  func context() {
    let measurement = ExemplarMeasurement(
      value: .int(4), unixNanoseconds: 9, filteredAttributes: [Attribute("a", 1)],
      context: .inSpan(7, isSampled: true))
    #expect(
      measurement.exemplar
        == Exemplar(
          value: .int(4), unixNanoseconds: 9, filteredAttributes: [Attribute("a", 1)],
          traceID: TraceID(high: 1, low: 7), spanID: SpanID(7)))
    #expect(self.measurement(1).exemplar.traceID == .invalid)
  }
}

@Suite("Exemplar gates")
struct ExemplarGateTests {
  @Test("after a measurement was taken, as many pass as the reservoir says")
  func taken() {
    var gate = ExemplarGate()
    gate.took(skip: 2)
    let looks = (0..<4).map { _ in gate.isOpen() }
    #expect(looks == [false, false, true, true])
  }

  @Test("looks in vain become rarer, to one in sixteen")
  func misses() {
    var gate = ExemplarGate()
    var looks: [Int] = []
    for index in 0..<2_000 where gate.isOpen() {
      looks.append(index)
      gate.missed()
    }
    #expect(looks.prefix(9) == [0, 1, 2, 3, 4, 5, 6, 7, 9])
    let last = looks.suffix(2)
    #expect(last.last.map { $0 - last[last.startIndex] } == 16)
    // What is taken makes it attentive again.
    gate.took(skip: 0)
    gate.missed()
    let isOpen = gate.isOpen()
    #expect(isOpen)
  }

  @Test("a word keeps everything")
  func word() {
    var gate = ExemplarGate()
    for _ in 0..<20 { gate.missed() }
    #expect(ExemplarGate(word: gate.word) == gate)
    gate.took(skip: .max)
    #expect(ExemplarGate(word: gate.word) == gate)
  }
}
