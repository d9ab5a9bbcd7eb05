import Bytes
import StackCheck

/// A bucket's list of objects, as an S3 server answers it.
enum S3ListingTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    guard let listing = ObjectListing(parsing: bytes) else { return }
    for object in listing.objects {
      try require(!object.key.isEmpty, "an object without a key")
      try require(object.byteCount >= 0 && object.modifiedAt >= 0, "a negative size or time")
    }
    try require(listing.continuation != "", "a next page that cannot be asked for")
    try requireEqual(ObjectListing(parsing: write(listing)), listing, "written and read")
  }

  private static func write(_ listing: ObjectListing) -> [UInt8] {
    var queue = ByteQueue()
    queue.append("<ListBucketResult>" as StaticString)
    if let token = listing.continuation {
      queue.append("<IsTruncated>true</IsTruncated><NextContinuationToken>" as StaticString)
      append(token, to: &queue)
      queue.append("</NextContinuationToken>" as StaticString)
    }
    for object in listing.objects {
      queue.append("<Contents><Key>" as StaticString)
      append(object.key, to: &queue)
      queue.append("</Key><Size>" as StaticString)
      queue.append(decimal: object.byteCount)
      queue.append("</Size><LastModified>" as StaticString)
      let date = CivilDate(daysSince1970: object.modifiedAt / 86_400)
      let seconds = object.modifiedAt % 86_400
      queue.append(decimal: date.year, digits: 4)
      for (separator, number) in [
        ("-", date.month), ("-", date.day), ("T", seconds / 3600), (":", seconds / 60 % 60),
        (":", seconds % 60),
      ] {
        queue.append(separator)
        queue.append(decimal: number, digits: 2)
      }
      queue.append("Z</LastModified></Contents>" as StaticString)
    }
    queue.append("</ListBucketResult>" as StaticString)
    return queue.array()
  }

  private static func append(_ text: String, to queue: inout ByteQueue) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": queue.append("&amp;" as StaticString)
      case "<": queue.append("&lt;" as StaticString)
      case ">": queue.append("&#x3e;" as StaticString)
      default: queue.append(String(scalar))
      }
    }
  }
}
