package import HTTP1
package import HTTPServer
package import HTTPTypes

/// The `Idempotency-Key` field: what tells that a request is the repetition of an earlier one.
package enum IdempotencyKey {
  /// A key that cannot be used.
  package struct Invalid: Error {
    package var response: ServerResponse { .problem(.badRequest, detail: complaint) }
  }

  package static let fieldName = HTTPField.Name.known("idempotency-key")
  package static let bytesMax = 255

  /// What a request with a key that cannot be used is told.
  package static let complaint =
    "Idempotency-Key must be 1 to \(bytesMax) visible ASCII characters"

  /// What a request is told whose key has stood for another one.
  package static let conflict = "Idempotency-Key was used with other parameters"

  /// The request's key; nil when it has none.
  /// - Throws: `Invalid` for several keys, and for one that is empty, longer than `bytesMax`, or not
  ///   visible ASCII.
  package static func read(_ head: RequestHead) throws(Invalid) -> String? {
    let values = head.fields.values(of: fieldName)
    guard let key = values.first else { return nil }
    guard values.count == 1, 1...bytesMax ~= key.utf8.count,
      key.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
    else { throw Invalid() }
    return key
  }
}
