import Bytes
import OTLP
import OTLPOracle
import Testing

@Suite("Metric encoding, as the official definitions read it")
struct MetricEncodingTests {
  private static let start: UInt64 = 1_700_000_000_000_000_001
  private static let end: UInt64 = 1_700_000_060_000_000_002

  private func decoded(_ data: MetricData) throws -> JSONValue {
    var bytes = ByteQueue()
    bytes.append(
      field: ExportRequestEnvelope.recordField,
      metric: MetricRecord(name: "m", description: "what it is", unit: "By", data: data))
    return try OTLPOracle.decode("ScopeMetrics", bytes.array())["metrics"][0]
  }

  private func number(_ value: MetricNumber, exemplars: [Exemplar] = []) -> NumberPoint {
    NumberPoint(
      attributes: [Attribute("k", "v"), Attribute("n", 7)], startUnixNanoseconds: Self.start,
      unixNanoseconds: Self.end, value: value, exemplars: exemplars)
  }

  @Test("name, description and unit")
  func identity() throws {
    let metric = try decoded(.gauge([number(.int(1))]))
    #expect(metric["name"].string == "m")
    #expect(metric["description"].string == "what it is")
    #expect(metric["unit"].string == "By")
  }

  @Test("what is empty is left out")
  func emptyIdentity() throws {
    var bytes = ByteQueue()
    bytes.append(
      field: ExportRequestEnvelope.recordField,
      metric: MetricRecord(name: "m", data: .gauge([number(.int(1))])))
    let metric = try OTLPOracle.decode("ScopeMetrics", bytes.array())["metrics"][0]
    #expect(metric.names == ["gauge", "name"])
  }

  @Test("a gauge's points, with and without a start")
  func gauge() throws {
    var point = number(.double(-1.5))
    point.startUnixNanoseconds = 0
    let points = try decoded(.gauge([number(.int(-3)), point]))["gauge"]["data_points"]
    #expect(points[0]["as_int"].int == -3)
    #expect(points[0]["start_time_unix_nano"].int == Int(Self.start))
    #expect(points[0]["time_unix_nano"].int == Int(Self.end))
    #expect(points[0]["attributes"].attribute("k")["string_value"].string == "v")
    #expect(points[0]["attributes"].attribute("n")["int_value"].int == 7)
    #expect(points[1]["as_double"].double == -1.5)
    #expect(!points[1]["start_time_unix_nano"].exists)
  }

  @Test("zero is a value", arguments: [MetricNumber.int(0), .double(0)])
  func zero(_ value: MetricNumber) throws {
    let point = try decoded(.gauge([number(value)]))["gauge"]["data_points"][0]
    #expect(point["as_int"].exists || point["as_double"].exists)
  }

  @Test(
    "a sum's temporality and monotonicity",
    arguments: [
      (AggregationTemporality.delta, true, 1), (.cumulative, true, 2), (.cumulative, false, 2),
    ])
  func sum(_ temporality: AggregationTemporality, _ isMonotonic: Bool, _ wire: Int) throws {
    let sum = try decoded(.sum([number(.int(5))], temporality, isMonotonic: isMonotonic))["sum"]
    #expect(sum["aggregation_temporality"].int == wire)
    #expect((sum["is_monotonic"].bool ?? false) == isMonotonic)
    #expect(sum["data_points"][0]["as_int"].int == 5)
  }

  @Test("every field of a histogram")
  func histogram() throws {
    var point = HistogramPoint()
    point.attributes = [Attribute("k", "v")]
    point.startUnixNanoseconds = Self.start
    point.unixNanoseconds = Self.end
    point.count = 6
    point.sum = 12.5
    point.minimum = 0
    point.maximum = 9.5
    point.bucketCounts = [1, 2, 3]
    point.boundaries = [0.5, 5]
    let histogram = try decoded(.histogram([point], .delta))["histogram"]
    #expect(histogram["aggregation_temporality"].int == 1)
    let decoded = histogram["data_points"][0]
    #expect(decoded["attributes"].attribute("k")["string_value"].string == "v")
    #expect(decoded["start_time_unix_nano"].int == Int(Self.start))
    #expect(decoded["time_unix_nano"].int == Int(Self.end))
    #expect(decoded["count"].int == 6)
    #expect(decoded["sum"].double == 12.5)
    #expect(decoded["min"].double == 0)
    #expect(decoded["max"].double == 9.5)
    #expect(decoded["bucket_counts"].list.map(\.int) == [1, 2, 3])
    #expect(decoded["explicit_bounds"].list.map(\.double) == [0.5, 5])
  }

  @Test("a histogram without a sum, extremes and buckets does not have them")
  func bareHistogram() throws {
    var point = HistogramPoint()
    point.count = 1
    point.unixNanoseconds = 1
    let decoded = try decoded(.histogram([point], .cumulative))["histogram"]["data_points"][0]
    #expect(decoded.names == ["count", "time_unix_nano"])
  }

  @Test("every field of an exponential histogram")
  func exponentialHistogram() throws {
    var point = ExponentialHistogramPoint()
    point.attributes = [Attribute("k", "v")]
    point.startUnixNanoseconds = Self.start
    point.unixNanoseconds = Self.end
    point.count = 10
    point.sum = 7.25
    point.minimum = -4
    point.maximum = 8
    point.scale = -3
    point.zeroCount = 2
    point.positive = .init(offset: -5, counts: [1, 0, 300])
    point.negative = .init(offset: 4, counts: [5])
    let histogram = try decoded(
      .exponentialHistogram([point], .cumulative))["exponential_histogram"]
    #expect(histogram["aggregation_temporality"].int == 2)
    let decoded = histogram["data_points"][0]
    #expect(decoded["attributes"].attribute("k")["string_value"].string == "v")
    #expect(decoded["start_time_unix_nano"].int == Int(Self.start))
    #expect(decoded["time_unix_nano"].int == Int(Self.end))
    #expect(decoded["count"].int == 10)
    #expect(decoded["sum"].double == 7.25)
    #expect(decoded["min"].double == -4)
    #expect(decoded["max"].double == 8)
    #expect(decoded["scale"].int == -3)
    #expect(decoded["zero_count"].int == 2)
    #expect(decoded["positive"]["offset"].int == -5)
    #expect(decoded["positive"]["bucket_counts"].list.map(\.int) == [1, 0, 300])
    #expect(decoded["negative"]["offset"].int == 4)
    #expect(decoded["negative"]["bucket_counts"].list.map(\.int) == [5])
  }

  @Test("exemplars of every kind of point")
  func exemplars() throws {
    let exemplar = Exemplar(
      value: .double(2.5), unixNanoseconds: 77, filteredAttributes: [Attribute("left", "out")],
      traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
    var histogram = HistogramPoint()
    histogram.exemplars = [exemplar]
    var exponential = ExponentialHistogramPoint()
    exponential.exemplars = [exemplar]
    let decoded = [
      try decoded(.sum([number(.int(1), exemplars: [exemplar])], .delta, isMonotonic: true))["sum"],
      try decoded(.histogram([histogram], .delta))["histogram"],
      try decoded(.exponentialHistogram([exponential], .delta))["exponential_histogram"],
    ].map { $0["data_points"][0]["exemplars"][0] }
    for exemplar in decoded {
      #expect(exemplar["as_double"].double == 2.5)
      #expect(exemplar["time_unix_nano"].int == 77)
      #expect(exemplar["trace_id"].string == "00000000000000010000000000000002")
      #expect(exemplar["span_id"].string == "0000000000000003")
      let filtered = exemplar["filtered_attributes"]
      #expect(filtered.attribute("left")["string_value"].string == "out")
    }
  }

  @Test("an exemplar made outside of a span has no ids")
  func exemplarWithoutSpan() throws {
    let point = number(.int(1), exemplars: [Exemplar(value: .int(9), unixNanoseconds: 77)])
    let exemplar = try decoded(.gauge([point]))["gauge"]["data_points"][0]["exemplars"][0]
    #expect(exemplar.names == ["as_int", "time_unix_nano"])
    #expect(exemplar["as_int"].int == 9)
  }
}
