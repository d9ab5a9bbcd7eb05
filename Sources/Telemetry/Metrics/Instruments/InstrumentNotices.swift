import Logging
import OTLP
import Synchronization

/// What the operator is told about instruments, each thing once.
final class InstrumentNotices: Sendable {
  private let scope: InstrumentationScope
  private let log: DiagnosticLog
  private let said = Mutex<Set<String>>([])

  init(scope: InstrumentationScope, log: DiagnosticLog) {
    self.scope = scope
    self.log = log
  }

  /// The descriptor without advice that cannot be followed.
  func checked(_ descriptor: InstrumentDescriptor) -> InstrumentDescriptor {
    var descriptor = descriptor
    if !descriptor.isNameValid {
      once(
        .error,
        "'\(descriptor.name)' of '\(scope.name)' is no valid name of an instrument; receivers may "
          + "refuse it")
    }
    if !descriptor.isUnitValid {
      once(
        .error,
        "'\(descriptor.name)' of '\(scope.name)' has no valid unit: it is ASCII, 63 characters at "
          + "most; receivers may refuse it")
    }
    if let boundaries = descriptor.boundaries, !BucketBoundaries.isValid(boundaries) {
      once(
        .error,
        "the bucket boundaries of '\(descriptor.name)' do not rise; the default ones are used")
      descriptor.boundaries = nil
    }
    return descriptor
  }

  /// Tells when a name was written differently before, or the advice was different.
  func compare(_ new: InstrumentDescriptor, with known: InstrumentDescriptor) {
    if new.name != known.name {
      once(
        .error,
        "'\(new.name)' of '\(scope.name)' is known as '\(known.name)', and goes by that name")
    }
    if new.isIdentical(to: known), !new.hasSameAdvice(as: known) {
      once(
        .warning,
        "'\(new.name)' of '\(scope.name)' is there already with other boundaries or attributes, "
          + "which stay")
    }
  }

  /// Tells that receivers get two metrics of one name.
  func conflict(_ new: StreamConfiguration, with known: StreamConfiguration) {
    var differences: [String] = []
    if new.kind != known.kind { differences.append("kind") }
    if new.unit != known.unit { differences.append("unit") }
    if new.text != known.text { differences.append("description") }
    if new.isInteger != known.isInteger { differences.append("type of number") }
    let advice =
      switch differences {
      case ["description"]: "a view can give both the same description"
      case []: "the views that select it can give each metric a name of its own"
      case let all where all.contains("kind") || all.contains("unit"):
        "a view that selects one of them by \(all.contains("kind") ? "kind" : "unit") can give it "
          + "another name"
      default: "one of them needs another name"
      }
    once(
      .warning,
      "two metrics of '\(scope.name)' are called '\(known.name)'"
        + (differences.isEmpty ? "" : " and differ in \(differences.joined(separator: ", "))")
        + "; both are exported; \(advice)")
  }

  func ignored(_ view: MetricView, for instrument: InstrumentDescriptor, _ objection: String) {
    once(
      .warning,
      "a view cannot be used for the \(instrument.kind.rawValue) '\(instrument.name)': "
        + objection)
  }

  func tooMany(_ limit: Int) {
    once(
      .error,
      "'\(scope.name)' has \(limit) instruments; what further ones measure is lost")
  }

  private func once(_ level: Logger.Level, _ message: String) {
    let isNews = said.withLock { $0.insert(message).inserted }
    if isNews { log.log(level, message) }
  }
}
