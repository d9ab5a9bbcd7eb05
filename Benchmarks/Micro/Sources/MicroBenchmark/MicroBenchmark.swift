import Glibc

/// Measures single operations, one after the other on one thread, and prints a line of JSON for each.
///
///     MicroBenchmark [part of a name]
@main
enum MicroBenchmark {
  static func main() async throws {
    let wanted = CommandLine.arguments.dropFirst().first ?? ""
    let pipeline = try DiscardingPipeline()
    let native = NativeInstruments()
    let all = [
      RequestHeadBenchmark.make(), pipeline.span(), pipeline.boundCounter(),
      pipeline.lookedUpCounter(), pipeline.histogram(), pipeline.logRecord(),
      native.boundCounter(), native.counter(), native.boundHistogram(),
    ]
    for benchmark in all where wanted.isEmpty || benchmark.name.contains(wanted) {
      let lost = pipeline.droppedTotal
      let measurement = benchmark.measure()
      print(measurement.json(name: benchmark.name, dropped: pipeline.droppedTotal - lost))
      fflush(nil)
    }
    await pipeline.end()
  }
}
