/// What tells one instrument from another, and what it advises.
struct InstrumentDescriptor: Sendable, Equatable {
  var name: String
  let kind: InstrumentKind
  /// Whether its measurements are whole numbers.
  let isInteger: Bool
  var unit = ""
  var text = ""
  /// Advice: the bounds of a histogram's buckets, where no view says otherwise.
  var boundaries: [Double]?
  /// Advice: the attributes to keep, where no view says otherwise.
  var attributeKeys: [String]?

  /// Whether this and another are the same instrument (specification, "Instrument").
  func isIdentical(to other: InstrumentDescriptor) -> Bool {
    name.lowercased() == other.name.lowercased() && kind == other.kind
      && isInteger == other.isInteger && unit == other.unit && text == other.text
  }

  func hasSameAdvice(as other: InstrumentDescriptor) -> Bool {
    boundaries == other.boundaries && attributeKeys == other.attributeKeys
  }

  /// Whether the name follows the syntax (specification, "Instrument name syntax").
  var isNameValid: Bool {
    let bytes = name.utf8
    guard let first = bytes.first, Self.isLetter(first), bytes.count <= 255 else { return false }
    return bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "-"), UInt8(ascii: "/"):
        true
      default: Self.isLetter(byte)
      }
    }
  }

  /// Whether the unit follows the syntax (specification, "Instrument unit").
  var isUnitValid: Bool {
    unit.utf8.count <= 63 && unit.utf8.allSatisfy { $0 < 0x80 }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
