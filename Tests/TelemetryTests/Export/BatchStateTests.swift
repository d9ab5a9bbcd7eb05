import Sockets
import Testing

@testable import Telemetry

@Suite("When to export")
struct BatchStateTests {
  private static let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)

  /// What happens to a state, and what it says next.
  enum Action: Sendable {
    /// Seconds since the start, records that wait, what is to be done.
    case next(Double, waiting: Int, BatchState.Step)
    case collected(Double, Int)
    case exported(Int)
    case flush
    case shutDown
  }

  private static func at(_ seconds: Double) -> MonotonicInstant { start + .seconds(seconds) }

  static let tables: [(String, [Action])] = [
    (
      "nothing to do",
      [.next(0, waiting: 0, .wait(until: nil)), .next(9, waiting: 0, .wait(until: nil))]
    ),
    (
      "the delay runs from the first record, and again from the last export",
      [
        .next(0, waiting: 1, .wait(until: at(5))), .next(3, waiting: 7, .wait(until: at(5))),
        .next(4.999, waiting: 7, .wait(until: at(5))), .next(5, waiting: 7, .collect),
        .collected(5, 7), .next(5, waiting: 7, .export), .exported(7),
        .next(6, waiting: 0, .wait(until: nil)), .next(20, waiting: 1, .wait(until: at(25))),
      ]
    ),
    (
      "511 wait, 512 go at once, what is left waits for its own delay",
      [
        .next(0, waiting: 511, .wait(until: at(5))), .next(1, waiting: 512, .collect),
        .collected(1, 600), .next(1, waiting: 600, .export), .exported(512),
        .next(2, waiting: 88, .wait(until: at(7))),
      ]
    ),
    (
      "full batches go on until less than one waits",
      [
        .next(0, waiting: 1_500, .collect), .collected(0, 1_500),
        .next(0, waiting: 1_500, .export), .exported(512), .next(0, waiting: 988, .export),
        .exported(512), .next(1, waiting: 476, .wait(until: at(6))),
      ]
    ),
    (
      "batches that are smaller than full are exported until as many records went",
      [
        .next(0, waiting: 600, .collect), .collected(0, 600), .next(0, waiting: 600, .export),
        .exported(300), .next(0, waiting: 300, .export), .exported(300),
        .next(0, waiting: 0, .wait(until: nil)),
      ]
    ),
    (
      "everything goes when the delay is over, the odd rest too",
      [
        .next(0, waiting: 1, .wait(until: at(5))), .next(5, waiting: 511, .collect),
        .collected(5, 700), .next(5, waiting: 700, .export), .exported(512),
        .next(5, waiting: 188, .export), .exported(188), .next(5, waiting: 0, .wait(until: nil)),
      ]
    ),
    (
      "records that were announced and are not there yet are looked for again, without spinning",
      [
        .next(0, waiting: 512, .collect), .collected(0, 0),
        .next(0, waiting: 512, .wait(until: at(0.001))), .next(0.001, waiting: 512, .collect),
      ]
    ),
    (
      "a flush exports what waits, then says so",
      [
        .next(0, waiting: 3, .wait(until: at(5))), .flush, .next(1, waiting: 3, .collect),
        .collected(1, 3), .next(1, waiting: 3, .export), .exported(3),
        .next(1, waiting: 0, .flushed), .next(1, waiting: 0, .wait(until: nil)),
      ]
    ),
    (
      "a flush of nothing is done at once",
      [.flush, .next(0, waiting: 0, .collect), .collected(0, 0), .next(0, waiting: 0, .flushed)]
    ),
    (
      "the shutdown flushes first",
      [
        .shutDown, .next(0, waiting: 2, .collect), .collected(0, 2), .next(0, waiting: 2, .export),
        .exported(2), .next(0, waiting: 0, .flushed), .next(0, waiting: 0, .finish),
        .next(9, waiting: 0, .finish),
      ]
    ),
  ]

  @Test("steps", arguments: tables)
  func steps(name: String, actions: [Action]) {
    var state = BatchState(scheduleDelay: .seconds(5), batchRecordsMax: 512)
    for (index, action) in actions.enumerated() {
      switch action {
      case .next(let seconds, let waiting, let expected):
        let step = state.next(waiting: waiting, now: Self.at(seconds))
        #expect(step == expected, "\(name), action \(index)")
      case .collected(let seconds, let count): state.collected(count, now: Self.at(seconds))
      case .exported(let count): state.exported(count)
      case .flush: state.flush()
      case .shutDown: state.shutDown()
      }
    }
  }
}
