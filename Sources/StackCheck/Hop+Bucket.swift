import HTTPClient
import HTTPTypes
import Sockets
import Telemetry

extension Hop {
  /// What Loki puts before the chunks of its one tenant.
  private static let chunkPrefix = "fake/"
  /// Pages of a thousand objects that are read at the most.
  private static let pagesMax = 50

  /// Whether Loki writes to its bucket now. It keeps lines in memory for half an hour; the check
  /// has it write what it has, and looks for a chunk that is younger than the order.
  static func bucket(_ bucket: BucketAddress, loki: HTTPURL) -> Hop {
    Hop(
      name: "bucket",
      asks: "POST \(loki.appending("/flush")); GET \(bucket.url.appending("/\(bucket.name)"))",
      looksFor: "a chunk that was written since the order",
      whereToLook: "docker compose logs loki minio; the bucket in MinIO's console",
      pause: .seconds(2),
      question: .aboutOrder { client, deadline, order throws(Obstacle) in
        _ = try await client.succeed(
          ClientRequest(.post, loki.appending("/flush")), deadline: deadline)
        return try await newChunks(
          bucket, since: Int(order.startedAt / 1_000_000_000), client, deadline)
      })
  }

  private static func newChunks(
    _ bucket: BucketAddress, since time: Int, _ client: CheckClient, _ deadline: MonotonicInstant
  ) async throws(Obstacle) -> Finding {
    var count = 0
    var fresh = 0
    var continuation: String?
    for _ in 0..<pagesMax {
      let page = try await list(bucket, after: continuation, client, deadline)
      count += page.objects.count
      fresh += page.objects.count {
        $0.key.hasPrefix(chunkPrefix) && $0.byteCount > 0 && $0.modifiedAt >= time
      }
      continuation = page.continuation
      if continuation == nil { break }
    }
    guard fresh > 0 else {
      let part = continuation == nil ? "" : "the first "
      return .missing("\(part)\(count) objects, no chunk since the order")
    }
    return .found("\(fresh) new chunks")
  }

  private static func list(
    _ bucket: BucketAddress, after continuation: String?, _ client: CheckClient,
    _ deadline: MonotonicInstant
  ) async throws(Obstacle) -> ObjectListing {
    var query = [("list-type", "2"), ("max-keys", "1000")]
    if let continuation { query.append(("continuation-token", continuation)) }
    let path = bucket.url.appending("/\(bucket.name)")
    let signature = S3Signature(
      accessKey: bucket.accessKey, secretKey: bucket.secretKey, region: bucket.region)
    let fields = signature.fields(
      host: path.authority, path: path.target, query: query,
      time: Int(WallClock.unixNanoseconds() / 1_000_000_000))
    let url = bucket.url.appending(
      "/\(bucket.name)?\(S3Signature.canonicalQuery(query))")
    let response = try await client.succeed(
      ClientRequest(.get, url, fields: fields), deadline: deadline)
    guard let page = ObjectListing(parsing: response.body) else {
      throw Obstacle("GET \(path) answered what is no list of objects")
    }
    return page
  }
}
