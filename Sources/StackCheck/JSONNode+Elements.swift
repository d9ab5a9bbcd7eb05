import OTLP

extension JSONNode {
  /// The elements of an array; nil for anything else.
  var elements: [JSONNode]? { if case .array(let elements) = self { elements } else { nil } }

  /// The members of an object that are texts; nil for anything else.
  var texts: [String: String]? {
    if case .object(let members) = self { members.compactMapValues(\.string) } else { nil }
  }

  /// A number, also one that is written as text, as Prometheus writes values.
  var double: Double? {
    switch self {
    case .number(let text), .string(let text): Double(text)
    default: nil
    }
  }
}
