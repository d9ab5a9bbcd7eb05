import OTLP
import Telemetry

/// Instruments of the native API, with a reader that nobody asks.
struct NativeInstruments {
  private let meter = MeterProvider(readers: [MetricReaderSettings()]).meter("micro-benchmark")
  private let attributes = [
    Attribute("http.request.method", "GET"), Attribute("http.route", "/list-products"),
  ]

  func boundCounter() -> Benchmark {
    let counter = meter.counter("orders.placed").bound(attributes)
    return Benchmark(name: "native counter, bound: add") { count in
      for _ in 0..<count { counter.record(Int64(1)) }
    }
  }

  func counter() -> Benchmark {
    let counter = meter.counter("orders.rejected")
    let attributes = attributes
    return Benchmark(name: "native counter, 2 attributes given: add") { count in
      for _ in 0..<count { counter.add(1, attributes) }
    }
  }

  func boundHistogram() -> Benchmark {
    let histogram = meter.histogram("http.server.request.duration", unit: "s").bound(attributes)
    return Benchmark(name: "native histogram, bound: record") { count in
      for index in 0..<count { histogram.record(Double(index & 0xFF) * 0.0001) }
    }
  }
}
