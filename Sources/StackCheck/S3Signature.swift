import Bytes
import HTTP1
import HTTPClient
import HTTPTypes

/// Signs requests without content for an S3 server (AWS, "Signature Version 4", "Authenticating
/// Requests: Using the Authorization Header").
struct S3Signature {
  let accessKey: String
  let secretKey: String
  let region: String

  /// The fields that make a GET of `path` with `query` a request of the key's owner.
  /// - Parameters:
  ///   - path: Encoded, beginning with `/`.
  ///   - query: Not encoded; in any order.
  ///   - time: Seconds since 1970. The server refuses one that is 15 minutes from its own.
  func fields(
    host: String, path: String, query: [(String, String)], time: Int
  ) -> [HTTPField] {
    let (day, instant) = Self.timestamp(time)
    let contentHash = Self.hex(SHA256Digest.digest([]))
    let signed = "host;x-amz-content-sha256;x-amz-date"
    let canonical = [
      "GET", path, Self.canonicalQuery(query), "host:\(host)",
      "x-amz-content-sha256:\(contentHash)", "x-amz-date:\(instant)", "", signed, contentHash,
    ].joined(separator: "\n")
    let scope = "\(day)/\(region)/s3/aws4_request"
    let text = [
      "AWS4-HMAC-SHA256", instant, scope, Self.hex(SHA256Digest.digest(Array(canonical.utf8))),
    ].joined(separator: "\n")
    var key = Array("AWS4\(secretKey)".utf8)
    for part in [day, region, "s3", "aws4_request", text] {
      key = SHA256Digest.authenticate(Array(part.utf8), key: key)
    }
    let authorization =
      "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope),SignedHeaders=\(signed),"
      + "Signature=\(Self.hex(key))"
    var fields = [HTTPField(name: .authorization, value: authorization)]
    for (name, value) in [("x-amz-content-sha256", contentHash), ("x-amz-date", instant)] {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    return fields
  }

  /// Names and values encoded, sorted by name and joined, as they are signed and sent.
  static func canonicalQuery(_ query: [(String, String)]) -> String {
    query.map { name, value in
      (
        PercentEncoding.encode(name, except: PercentEncoding.isUnreserved),
        PercentEncoding.encode(value, except: PercentEncoding.isUnreserved)
      )
    }.sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
  }

  /// A time as `20130524` and `20130524T000000Z`.
  private static func timestamp(_ time: Int) -> (day: String, instant: String) {
    let date = CivilDate(daysSince1970: time / 86_400)
    let seconds = time % 86_400
    var text = ByteQueue()
    text.append(decimal: date.year, digits: 4)
    text.append(decimal: date.month, digits: 2)
    text.append(decimal: date.day, digits: 2)
    let day = String(decoding: text.array(), as: UTF8.self)
    text.append(UInt8(ascii: "T"))
    text.append(decimal: seconds / 3600, digits: 2)
    text.append(decimal: seconds / 60 % 60, digits: 2)
    text.append(decimal: seconds % 60, digits: 2)
    text.append(UInt8(ascii: "Z"))
    return (day, String(decoding: text.array(), as: UTF8.self))
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    var text = ByteQueue(capacity: bytes.count * 2)
    for byte in bytes { text.append(hex: UInt64(byte), digits: 2) }
    return String(decoding: text.array(), as: UTF8.self)
  }
}
