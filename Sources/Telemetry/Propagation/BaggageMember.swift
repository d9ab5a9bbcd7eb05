import HTTP1

/// One name with its value and properties (W3C Baggage §3.3.1, `list-member`).
public struct BaggageMember: Sendable, Equatable {
  /// A token (RFC 9110 §5.6.2).
  public let name: String
  private let encodedValue: String
  /// As they stand in the field, separated by semicolons: `p;q=1`. Empty when there are none.
  public let properties: String

  /// As it stands in the field, without blanks.
  public var text: String {
    properties.isEmpty ? "\(name)=\(encodedValue)" : "\(name)=\(encodedValue);\(properties)"
  }

  /// The value, percent-decoded; bytes that are no UTF-8 become U+FFFD.
  public var value: String { PercentEncoding.decodeLeniently(encodedValue) }

  /// Reads `name=value;property;property=value`, with blanks where the grammar has them.
  /// - Returns: nil when any part of it is malformed.
  init?(parsing text: Substring) {
    let parts = text.split(byte: UInt8(ascii: ";"), keepsEmpty: true)
    guard let first = parts.first, let (name, value) = Self.pair(first), let value
    else { return nil }
    var properties: [String] = []
    for part in parts.dropFirst() {
      guard let (name, value) = Self.pair(part) else { return nil }
      properties.append(value.map { "\(name)=\($0)" } ?? String(name))
    }
    self.name = String(name)
    encodedValue = String(value)
    self.properties = properties.joined(separator: ";")
  }

  /// `name`, or `name=value`; a value may hold further equals signs.
  private static func pair(_ text: Substring) -> (name: Substring, value: Substring?)? {
    let separator = text.utf8.firstIndex(of: UInt8(ascii: "="))
    let name = text[..<(separator ?? text.endIndex)].trimmed
    guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else { return nil }
    guard let separator else { return (name, nil) }
    let value = text[text.utf8.index(after: separator)...].trimmed
    guard value.utf8.allSatisfy(isValueByte) else { return nil }
    return (name, value)
  }

  /// A byte of a value that stands for itself.
  static func isLiteral(_ byte: UInt8) -> Bool { byte != UInt8(ascii: "%") && isValueByte(byte) }

  /// `baggage-octet`
  private static func isValueByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21, 0x23...0x2B, 0x2D...0x3A, 0x3C...0x5B, 0x5D...0x7E: true
    default: false
    }
  }

  /// `tchar` (RFC 9110 §5.6.2)
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
    default: false
    }
  }
}
