import HTTP1
import HTTPTypes

/// What holds for the fields of every head that was accepted.
enum FieldRules {
  static func check(_ fields: HeadFields, countMax: Int) throws(BrokenInvariant) {
    try require(fields.count <= countMax, "\(fields.count) fields, limit \(countMax)")
    for (name, value) in fields.all {
      try require(!name.isEmpty && name.utf8.isOnly(ByteSet.token), "field name \(name)")
      try require(value.utf8.allSatisfy(ByteSet.isFieldValue), "value of \(name): \(value)")
      let ends = [value.utf8.first, value.utf8.last]
      try require(!ends.contains(0x20) && !ends.contains(0x09), "blank around \(value)")
      try require(HTTPField.Name(name) != nil, "\(name) is a name for HTTP1 alone")
    }
    try requireEqual(fields.httpFields.count, fields.count, "fields for swift-http-types")
  }

  /// One length, told in one way (RFC 9112 §6.3).
  static func checkFraming(_ fields: HeadFields, isChunked: Bool) throws(BrokenInvariant) {
    let lengths = fields.values(of: .contentLength)
    let codings = fields.values(of: .transferEncoding)
    try require(lengths.count <= 1 && codings.count <= 1, "several lengths: \(fields.summary)")
    try require(lengths.isEmpty || codings.isEmpty, "two kinds of length: \(fields.summary)")
    for length in lengths {
      try require(!length.isEmpty && length.utf8.isOnly(ByteSet.digits), "length \(length)")
      try require(Int(length) != nil, "length \(length)")
    }
    for coding in codings { try requireEqual(coding.lowercased(), "chunked", "coding") }
    if isChunked { try require(!codings.isEmpty, "chunked without saying so") }
  }
}
