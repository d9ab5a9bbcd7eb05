/// Where the parts of a request line are in its head (RFC 9112 §3).
struct RequestLine: BitwiseCopyable {
  /// The methods that need no string. `other` is any other token.
  enum Method: UInt8, BitwiseCopyable {
    case get, head, post, put, delete, connect, options, trace, patch, other
  }

  var method = Method.other
  var form = RequestHead.TargetForm.origin
  var version = HTTPVersion.http11
  var methodEnd: UInt32 = 0
  var targetEnd: UInt32 = 0
  /// Empty unless the target is in absolute or authority form.
  var authorityStart: UInt32 = 0
  var authorityEnd: UInt32 = 0
  var pathStart: UInt32 = 0
  var pathEnd: UInt32 = 0
  /// Where the query begins, behind its `?`; 0 when there is none. It ends with the target.
  var queryStart: UInt32 = 0

  var target: Range<Int> { Int(methodEnd) + 1..<Int(targetEnd) }
  var authority: Range<Int> { Int(authorityStart)..<Int(authorityEnd) }
  var path: Range<Int> { Int(pathStart)..<Int(pathEnd) }
  var query: Range<Int>? { queryStart == 0 ? nil : Int(queryStart)..<Int(targetEnd) }
}
