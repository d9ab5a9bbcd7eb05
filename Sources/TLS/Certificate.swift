import COpenSSL
import Glibc

/// Reads an OpenSSL certificate that somebody else owns.
struct Certificate {
  /// Valid for as long as its owner keeps it.
  let raw: OpaquePointer

  /// The subject on one line, such as `CN=example.org,O=Example`.
  var subject: String { Self.text(of: X509_get_subject_name(raw)) }

  var issuer: String { Self.text(of: X509_get_issuer_name(raw)) }

  /// The last day of its validity, in UTC.
  var notAfter: String { Self.day(of: X509_get0_notAfter(raw)) }

  /// The first day of its validity, in UTC.
  var notBefore: String { Self.day(of: X509_get0_notBefore(raw)) }

  /// The DNS names and addresses it is for.
  var hosts: [String] {
    guard let names = copenssl_get_names(raw) else { return [] }
    defer { copenssl_free_names(names) }
    return (0..<copenssl_names_count(names)).compactMap { index -> String? in
      var kind: Int32 = 0
      guard let value = copenssl_name(names, index, &kind) else { return nil }
      let bytes = UnsafeBufferPointer(
        start: ASN1_STRING_get0_data(value), count: Int(ASN1_STRING_length(value)))
      return kind == GEN_DNS ? String(decoding: bytes, as: UTF8.self) : address(bytes)
    }
  }

  /// Whether it is for the DNS name `host`.
  func covers(_ host: UnsafePointer<CChar>) -> Bool {
    X509_check_host(raw, host, 0, Self.hostRules, nil) == 1
  }

  /// RFC 9525 §6: a wildcard covers one whole label, and the common name counts for nothing.
  static let hostRules =
    UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)

  private func address(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    return text.withUnsafeMutableBufferPointer { target in
      inet_ntop(
        bytes.count == 4 ? AF_INET : AF_INET6, bytes.baseAddress, target.baseAddress,
        socklen_t(target.count)
      ).map { String(cString: $0) }
    }
  }

  private static func text(of name: OpaquePointer?) -> String {
    guard let name, let writer = BIO_new(BIO_s_mem()) else { return "an unknown subject" }
    defer { BIO_free(writer) }
    X509_NAME_print_ex(writer, name, 0, copenssl_name_flags)
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = BIO_read(writer, &bytes, Int32(bytes.count))
    return count > 0 ? String(decoding: bytes.prefix(Int(count)), as: UTF8.self) : "no subject"
  }

  private static func day(of time: UnsafePointer<ASN1_TIME>?) -> String {
    var parts = tm()
    guard ASN1_TIME_to_tm(time, &parts) == 1 else { return "an unknown day" }
    let month = parts.tm_mon + 1
    let day = parts.tm_mday
    return "\(parts.tm_year + 1_900)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }
}
