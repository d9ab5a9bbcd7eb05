import Instrumentation
import ServiceContextModule

/// Fields of a request by name.
struct FieldCarrier: Extractor, Injector {
  func extract(key: String, from fields: [String: String]) -> String? { fields[key.lowercased()] }

  func inject(_ value: String, forKey key: String, into fields: inout [String: String]) {
    fields[key.lowercased()] = value
  }

  /// The fields of lines `name: value`; of several with one name the last.
  static func fields(_ bytes: [UInt8]) -> [String: String] {
    var fields: [String: String] = [:]
    for line in bytes.split(separator: 0x0A) {
      let name = line.prefix { $0 != UInt8(ascii: ":") }
      fields[name.text.lowercased()] = line[name.endIndex...].dropFirst().text
    }
    return fields
  }
}

extension Instrument {
  /// The context that `fields` lead to.
  func extracted(_ fields: [String: String]) -> ServiceContext {
    var context = ServiceContext.topLevel
    extract(fields, into: &context, using: FieldCarrier())
    return context
  }

  /// The fields that `context` leads to.
  func injected(_ context: ServiceContext) -> [String: String] {
    var fields: [String: String] = [:]
    inject(context, into: &fields, using: FieldCarrier())
    return fields
  }
}
