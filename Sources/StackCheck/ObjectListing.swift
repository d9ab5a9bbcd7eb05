import Bytes

/// A page of an S3 bucket's list of objects (AWS, "ListObjectsV2").
package struct ObjectListing: Hashable, Sendable {
  package struct Object: Hashable, Sendable {
    package let key: String
    package let byteCount: Int
    /// Seconds since 1970.
    package let modifiedAt: Int
  }

  package private(set) var objects: [Object] = []
  /// What to ask for the next page with; nil when this is the last one.
  package private(set) var continuation: String?

  /// Reads the XML of an answer; nil when it is no such list.
  package init?(parsing bytes: [UInt8]) {
    var reader = XMLReader(bytes)
    var path: [String] = []
    var values: [String: String] = [:]
    var isTruncated = false
    do throws(XMLReader.Malformed) {
      while let event = try reader.next() {
        switch event {
        case .start(let name):
          path.append(name)
          guard path[0] == "ListBucketResult" else { return nil }
          if path.count == 2, name == "Contents" { values = [:] }
          if path.count == 3 { values[name] = "" }
        case .text(let text):
          if path.count == 2 { values[path[1], default: ""] += text }
          if path.count == 3 { values[path[2], default: ""] += text }
        case .end(let name):
          if path.count == 2, name == "Contents" {
            guard let object = Object(values) else { return nil }
            objects.append(object)
            values = [:]
          } else if path.count == 2, name == "IsTruncated" {
            isTruncated = values.removeValue(forKey: name) == "true"
          } else if path.count == 2, name == "NextContinuationToken" {
            continuation = values.removeValue(forKey: name)
          } else if path.count == 2 {
            values[name] = nil
          }
          path.removeLast()
        }
      }
    } catch {
      return nil
    }
    // A list that says that it goes on without saying how would never end.
    if isTruncated, continuation?.isEmpty ?? true { return nil }
    if !isTruncated { continuation = nil }
  }
}

extension ObjectListing.Object {
  init?(_ values: [String: String]) {
    guard let key = values["Key"], !key.isEmpty, let size = values["Size"].flatMap({ Int($0) }),
      size >= 0, let time = values["LastModified"], let modifiedAt = Self.seconds(time)
    else { return nil }
    self.key = key
    byteCount = size
    self.modifiedAt = modifiedAt
  }

  /// The seconds since 1970 of `2026-11-28T05:10:50.123Z` (RFC 3339, in UTC); nil for anything
  /// else.
  private static func seconds(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[10] == UInt8(ascii: "T"),
      bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
    else { return nil }
    func number(_ range: Range<Int>, _ limits: ClosedRange<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return limits.contains(value) ? value : nil
    }
    guard let year = number(0..<4, 1970...9999), let month = number(5..<7, 1...12),
      let day = number(8..<10, 1...31), let hour = number(11..<13, 0...23),
      let minute = number(14..<16, 0...59), let second = number(17..<19, 0...59)
    else { return nil }
    let days = CivilDate(year: year, month: month, day: day).daysSince1970
    return days * 86_400 + hour * 3600 + minute * 60 + second
  }
}
