/// Keeps signatures and credentials of signed URLs out of the telemetry (OpenTelemetry's semantic
/// conventions for HTTP, `url.query` and `url.full`).
package enum QueryRedaction {
  private static let secretNames: Set<Substring> = [
    "AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature", "X-Amz-Signature",
    "X-Amz-Credential", "X-Amz-Security-Token",
  ]

  /// `query` with the values of secret parameters replaced by `REDACTED`.
  package static func redact(_ query: String) -> String {
    let parts = query.split(separator: "&", omittingEmptySubsequences: false)
    let hasSecret = parts.contains { secretNames.contains($0.prefix { $0 != "=" }) }
    guard hasSecret else { return query }
    return parts.map { part in
      let name = part.prefix { $0 != "=" }
      return secretNames.contains(name) ? "\(name)=REDACTED" : String(part)
    }.joined(separator: "&")
  }
}
