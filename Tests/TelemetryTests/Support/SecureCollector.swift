import Foundation
import OTLPOracle

/// An HTTPS server of another implementation, which demands a client's certificate when told to, with
/// certificates that were just made.
final class SecureCollector: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: nothing is changed after `init`.
  private let folder: TemporaryFolder
  private let process = Process()
  let endpoint: String

  struct Failure: Error {
    let text: String
  }

  init(demandsCertificate: Bool) throws {
    folder = try TemporaryFolder()
    try folder.write(Self.server, to: "server.py")
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.arguments = [
      "-c", Self.certificates + "exec '\(OTLPOracle.python)' server.py \(demandsCertificate ? 1 : 0)",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var text = ""
    while !text.hasSuffix("\n") {
      let byte = output.fileHandleForReading.readData(ofLength: 1)
      guard !byte.isEmpty else { throw Failure(text: "no server: \(text)") }
      text += String(decoding: byte, as: UTF8.self)
    }
    endpoint = "https://localhost:\(text.dropLast())"
  }

  deinit { process.terminate() }

  func path(_ file: String) -> String { "\(folder.path)/\(file)" }

  private static let certificates = """
    set -e
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 \\
      -subj /CN=authority -keyout ca.key -out ca.pem 2>/dev/null
    for name in localhost client; do
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=$name \\
        -keyout $name.key -out $name.csr 2>/dev/null
      printf 'subjectAltName=DNS:%s' $name > $name.ext
      openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 \\
        -extfile $name.ext -out $name.pem 2>/dev/null
    done

    """

  private static let server = """
    import http.server, socket, ssl, sys

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            peer = self.connection.getpeercert()
            name = dict(x[0] for x in peer["subject"])["commonName"] if peer else "nobody"
            self.send_response(200)
            self.send_header("content-length", str(len(name)))
            self.end_headers()
            self.wfile.write(name.encode())

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile="ca.pem")
    context.load_cert_chain("localhost.pem", "localhost.key")
    if sys.argv[1] == "1":
        context.verify_mode = ssl.CERT_REQUIRED
    class Server(http.server.ThreadingHTTPServer):
        address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    server = Server(("", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()

    """
}
