/// Byte classes, written out: what the parsers' own tables are compared with.
struct ByteSet: Sendable {
  private let isMember: [Bool]

  init(_ bytes: some Sequence<UInt8>) {
    var isMember = [Bool](repeating: false, count: 256)
    for byte in bytes { isMember[Int(byte)] = true }
    self.isMember = isMember
  }

  private init(isMember: [Bool]) { self.isMember = isMember }

  func contains(_ byte: UInt8) -> Bool { isMember[Int(byte)] }

  func union(_ other: String) -> ByteSet {
    ByteSet(isMember: zip(isMember, ByteSet(other.utf8).isMember).map { $0 || $1 })
  }

  func subtracting(_ other: String) -> ByteSet {
    ByteSet(isMember: zip(isMember, ByteSet(other.utf8).isMember).map { $0 && !$1 })
  }

  static let digits = ByteSet("0123456789".utf8)
  static let hexadecimal = ByteSet("0123456789abcdefABCDEF".utf8)
  static let letters = ByteSet((0x41...0x5A) as ClosedRange<UInt8>)
    .union("abcdefghijklmnopqrstuvwxyz")
  /// `tchar` (RFC 9110 §5.6.2).
  static let token = letters.union("0123456789!#$%&'*+-.^_`|~")
  /// `unreserved` and `sub-delims` (RFC 3986 §2.2, §2.3) but the comma.
  static let registeredName = letters.union("0123456789-._~!$&'()*+;=")
  static let visible = ByteSet((0x21...0x7E) as ClosedRange<UInt8>)

  /// Whether a field value may have it (RFC 9110 §5.5).
  static func isFieldValue(_ byte: UInt8) -> Bool { byte == 9 || byte >= 32 && byte != 127 }
}

extension ArraySlice<UInt8> {
  /// Without the blanks and tabs at its ends.
  var trimmed: ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var bytes = drop(while: isBlank)
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return bytes
  }
}

extension Collection<UInt8> {
  func isOnly(_ set: ByteSet) -> Bool { allSatisfy { set.contains($0) } }

  var text: String { String(decoding: self, as: UTF8.self) }
}
