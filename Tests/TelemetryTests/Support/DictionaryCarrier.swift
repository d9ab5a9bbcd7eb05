import Instrumentation
import ServiceContextModule

@testable import Telemetry

/// Fields by name.
struct DictionaryCarrier: Extractor, Injector {
  func extract(key: String, from fields: [String: String]) -> String? { fields[key] }

  func inject(_ value: String, forKey key: String, into fields: inout [String: String]) {
    fields[key] = value
  }
}

extension Instrument {
  /// The context that `fields` lead to.
  func extracted(_ fields: [String: String], from start: ServiceContext = .topLevel)
    -> ServiceContext
  {
    var context = start
    extract(fields, into: &context, using: DictionaryCarrier())
    return context
  }

  /// The fields that `context` leads to.
  func injected(_ context: ServiceContext) -> [String: String] {
    var fields: [String: String] = [:]
    inject(context, into: &fields, using: DictionaryCarrier())
    return fields
  }
}
