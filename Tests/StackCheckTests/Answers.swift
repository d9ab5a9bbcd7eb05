import Telemetry

/// What the parts of a stack answer where everything is in order, and in variations.
enum Answers {
  static let traceID = FixedIDs.traceID
  static let orderID = 7

  /// Seconds since 1970.
  static var now: Double { Double(WallClock.unixNanoseconds()) / 1e9 }

  // MARK: Jaeger

  /// Spans as `id < parent, service, operation`; a `*` behind it is a database's.
  static let spans = [
    "a < 00f067aa0ba902b7, order-service, POST /order-product",
    "b < a, order-service, order_product_endpoint",
    "c < b, order-service, INSERT orders*",
    "d < b, order-service, POST",
    "e < d, inventory-service, POST /reduce-stock",
    "f < e, inventory-service, reduce_stock_endpoint",
    "g < f, inventory-service, UPDATE products*",
    "h < b, order-service, UPDATE orders*",
  ]

  static func trace(
    _ spans: [String] = spans, id: String = traceID, spansID: String = traceID
  ) -> String {
    let texts = spans.map { line in
      let parts = line.split(separator: ", ", maxSplits: 2).map(String.init)
      let ids = parts[0].split(separator: " < ").map(String.init)
      let isDatabase = parts[2].hasSuffix("*")
      let references =
        ids.count > 1
        ? #"[{"refType":"CHILD_OF","traceID":"\#(id)","spanID":"\#(ids[1])"}]"# : "[]"
      let tag = isDatabase ? #"{"key":"db.system.name","type":"string","value":"sqlite"}"# : ""
      return """
        {"traceID":"\(spansID)","spanID":"\(ids[0])","references":\(references),\
        "operationName":"\(isDatabase ? String(parts[2].dropLast()) : parts[2])","tags":[\(tag)],\
        "processID":"\(parts[1] == "order-service" ? "p1" : "p2")"}
        """
    }
    return """
      {"data":[{"traceID":"\(id)","spans":[\(texts.joined(separator: ","))],"processes":\
      {"p1":{"serviceName":"order-service","tags":[]},"p2":{"serviceName":"inventory-service"}}}],\
      "errors":null}
      """
  }

  // MARK: Loki

  static func lines(_ streams: [(service: String, traceID: String?)]) -> String {
    let texts = streams.map { stream in
      let id = stream.traceID.map { #","trace_id":"\#($0)""# } ?? ""
      return """
        {"stream":{"service_name":"\(stream.service)"\(id)},"values":[["1764306650000000000","x"]]}
        """
    }
    return """
      {"status":"success","data":{"resultType":"streams",\
      "result":[\(texts.joined(separator: ","))]}}
      """
  }

  static let bothLines = lines([("order-service", traceID), ("inventory-service", traceID)])

  // MARK: Prometheus

  static func success(_ data: String) -> String { #"{"status":"success","data":\#(data)}"# }

  /// A series as seconds from now, and values.
  static func samples(_ series: [[(Double, String)]]) -> String {
    let start = now
    let texts = series.map { samples in
      let pairs = samples.map { #"[\#(start + $0.0),"\#($0.1)"]"# }
      return #"{"metric":{"__name__":"m"},"values":[\#(pairs.joined(separator: ","))]}"#
    }
    return success(
      #"{"resultType":"matrix","result":[\#(texts.joined(separator: ","))]}"#)
  }

  static var grown: String { samples([[(-60, "5"), (60, "6")]]) }

  static func exemplars(_ traceIDs: [String]) -> String {
    let texts = traceIDs.map {
      #"{"labels":{"trace_id":"\#($0)","span_id":"b7"},"value":"0.004","timestamp":1764306650.1}"#
    }
    return success(
      #"[{"seriesLabels":{"le":"0.005"},"exemplars":[\#(texts.joined(separator: ","))]}]"#)
  }

  static func rules(_ names: [String], health: String = "ok") -> String {
    let texts = names.map {
      #"{"name":"\#($0)","health":"\#(health)","lastError":"parse error","type":"alerting"}"#
    }
    return success(#"{"groups":[{"name":"g","rules":[\#(texts.joined(separator: ","))]}]}"#)
  }

  static func targets(_ jobs: [String], down: String? = nil) -> String {
    let texts = jobs.map {
      """
      {"labels":{"job":"\($0)"},"health":"\($0 == down ? "down" : "up")",\
      "lastError":"\($0 == down ? "connection refused" : "")"}
      """
    }
    return success(#"{"activeTargets":[\#(texts.joined(separator: ","))]}"#)
  }

  // MARK: Grafana

  static func dashboards(_ uids: [String]) -> String {
    "[\(uids.map { #"{"uid":"\#($0)","title":"t","type":"dash-db"}"# }.joined(separator: ","))]"
  }

  // MARK: S3

  /// Objects as their keys, all of one size and time.
  static func objects(
    _ keys: [String], modified: String = "2126-11-28T05:10:50.123Z", size: Int = 10,
    next: String? = nil
  ) -> String {
    let contents = keys.map {
      """
      <Contents><Key>\($0)</Key><LastModified>\(modified)</LastModified><ETag>&quot;x&quot;</ETag>\
      <Size>\(size)</Size><Owner><ID>o</ID></Owner></Contents>
      """
    }
    let continuation = next.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? ""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>loki</Name><Prefix/>\
      \(continuation)<IsTruncated>\(next != nil)</IsTruncated>\(contents.joined())\
      </ListBucketResult>
      """
  }
}
