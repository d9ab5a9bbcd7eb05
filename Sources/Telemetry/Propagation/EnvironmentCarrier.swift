public import Instrumentation

/// Reads and writes context as variables of a process's environment, by which a program hands it to
/// those that it starts (OpenTelemetry specification, "Environment Variables as Context Propagation
/// Carriers"): `traceparent` is the variable `TRACEPARENT`.
public struct EnvironmentCarrier: Extractor, Injector {
  public init() {}

  public func extract(key: String, from environment: [String: String]) -> String? {
    environment[Self.variable(key)]
  }

  public func inject(
    _ value: String, forKey key: String, into environment: inout [String: String]
  ) {
    environment[Self.variable(key)] = value
  }

  /// The name in capitals, with `_` in place of whatever is no letter, digit or `_`, and before a
  /// digit in front.
  static func variable(_ key: String) -> String {
    var name = ""
    for byte in key.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"):
        name.unicodeScalars.append(Unicode.Scalar(byte - 0x20))
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      default: name += "_"
      }
    }
    let isDigitFirst = name.utf8.first.map { (0x30...0x39).contains($0) } ?? false
    return isDigitFirst ? "_" + name : name
  }
}
