import Glibc
import TLS

/// Certificates that the `openssl` command makes for one run.
enum TestIdentity {
  /// A self-signed one for a DNS name, key and certificate in one text; empty, and so of no use,
  /// when there is no such command.
  static func make(name: String) -> TLSIdentity {
    let command = """
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
      -keyout /dev/stdout -out /dev/stdout -subj '/CN=\(name)' \
      -addext 'subjectAltName=DNS:\(name)' 2>/dev/null
      """
    var text: [UInt8] = []
    if let pipe = popen(command, "r") {
      while case let byte = fgetc(pipe), byte != EOF { text.append(UInt8(byte)) }
      pclose(pipe)
    }
    return TLSIdentity(certificateChain: .bytes(text), privateKey: .bytes(text))
  }
}
