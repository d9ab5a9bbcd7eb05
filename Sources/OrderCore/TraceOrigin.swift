import Instrumentation
package import ServiceContextModule

/// The trace that an order was begun in, as a text that is kept with the order: so whoever settles
/// it later, after a crash as well, can point to the request that made it.
///
/// It is what the configured propagators would send to another service (`OTEL_PROPAGATORS`), but for
/// baggage, which says nothing of the trace.
package struct TraceOrigin: Hashable, Sendable {
  /// Bytes of text that are kept at the most; what is longer is not kept.
  private static let bytesMax = 1024
  private static let separator = ": "

  /// A line for each field: its name, a colon, its value.
  package let text: String

  package init(text: String) { self.text = text }

  /// - Returns: nil when nothing is traced.
  package init?(_ context: ServiceContext?) {
    guard let context else { return nil }
    var fields: [String: String] = [:]
    InstrumentationSystem.instrument.inject(context, into: &fields, using: FieldWriter())
    fields["baggage"] = nil
    let text = fields.sorted { $0.key < $1.key }
      .map { $0.key + Self.separator + $0.value }.joined(separator: "\n")
    guard 1...Self.bytesMax ~= text.utf8.count else { return nil }
    self.text = text
  }

  /// A context of that trace, to link to. Without a span when the text cannot be understood.
  package var context: ServiceContext {
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let range = line.firstRange(of: Self.separator) else { continue }
      fields[String(line[..<range.lowerBound])] = String(line[range.upperBound...])
    }
    var context = ServiceContext.topLevel
    InstrumentationSystem.instrument.extract(fields, into: &context, using: FieldReader())
    return context
  }

  private struct FieldWriter: Injector {
    func inject(_ value: String, forKey key: String, into fields: inout [String: String]) {
      fields[key.lowercased()] = value
    }
  }

  private struct FieldReader: Extractor {
    func extract(key: String, from fields: [String: String]) -> String? {
      fields[key.lowercased()]
    }
  }
}
