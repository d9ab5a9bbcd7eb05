/// What one operation costs.
struct Measurement {
  let nanoseconds: Double
  /// CPU time of the whole process, with what other threads do for it.
  let processNanoseconds: Double
  let allocations: Double?

  init(from before: Reading, to after: Reading, operations: Int) {
    let count = Double(operations)
    nanoseconds = Double(after.wallNanoseconds - before.wallNanoseconds) / count
    processNanoseconds = Double(after.processNanoseconds - before.processNanoseconds) / count
    if let early = before.allocations, let late = after.allocations {
      allocations = Double(late - early) / count
    } else {
      allocations = nil
    }
  }

  /// The one with the median time.
  static func median(_ all: [Measurement]) -> Measurement {
    all.sorted { $0.nanoseconds < $1.nanoseconds }[all.count / 2]
  }

  /// - Parameter dropped: Records that the pipeline could not take meanwhile.
  func json(name: String, dropped: Int) -> String {
    let counted = allocations.map { "\($0)" } ?? "null"
    return """
      {"name":"\(name)","nanoseconds":\(nanoseconds),\
      "process_nanoseconds":\(processNanoseconds),"allocations":\(counted),"dropped":\(dropped)}
      """
  }
}
