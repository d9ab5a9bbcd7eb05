import Foundation
import TLS

/// Certificates that the `openssl` command makes once for a run of the tests.
enum Certificates {
  /// Where they are; removed when the process ends.
  static let folder: String = {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("tls-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", script]
      process.currentDirectoryURL = url
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      precondition(process.terminationStatus == 0, "openssl could not make the certificates")
    } catch {
      preconditionFailure("no certificates: \(error)")
    }
    atexit { try? FileManager.default.removeItem(atPath: Certificates.folder) }
    return url.path
  }()

  static func path(_ file: String) -> String { "\(folder)/\(file)" }

  static func identity(_ name: String) -> TLSIdentity {
    TLSIdentity(
      certificateChainFile: path("\(name).pem"), privateKeyFile: path("\(name).key"))
  }

  static let authority = TLSTrust.authorities(.file(path("ca.pem")))

  /// A server's context with the identities of these names.
  static func server(
    _ names: String...,
    clients: TLSServerConfiguration.ClientAuthentication = .none,
    options: TLSProtocolOptions = TLSProtocolOptions(),
    tickets: Int = 2
  ) throws -> TLSServerContext {
    try TLSServerContext(
      TLSServerConfiguration(
        identities: names.map(identity), clientAuthentication: clients, options: options,
        ticketsPerHandshake: tickets))
  }

  /// A client's context that trusts the authority of these tests.
  static func client(
    _ verification: TLSClientConfiguration.Verification = .full(authority),
    identity name: String? = nil,
    options: TLSProtocolOptions = TLSProtocolOptions(),
    sessionHostsMax: Int = 256
  ) throws -> TLSClientContext {
    try TLSClientContext(
      TLSClientConfiguration(
        verification: verification, identity: name.map(identity), options: options,
        sessionHostsMax: sessionHostsMax))
  }

  private static let script = """
    set -e
    mkdir db && : > db/index.txt && echo 1000 > db/serial
    cat > ca.cnf <<END
    [ca]
    default_ca = one
    [one]
    database = db/index.txt
    serial = db/serial
    new_certs_dir = db
    default_md = sha256
    policy = any
    unique_subject = no
    copy_extensions = copy
    [any]
    commonName = supplied
    END
    key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $1.key; }
    root() { # file, name
      key $1
      openssl req -x509 -new -key $1.key -subj "/CN=$2" -days 3650 -out $1.pem \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    }
    leaf() { # file, name, issuer's file, extension, first and last moment
      key $1
      openssl req -new -key $1.key -subj "/CN=$2" -out $1.csr -addext "$4"
      openssl ca -batch -notext -config ca.cnf -cert $3.pem -keyfile $3.key -in $1.csr \
        -out $1.pem -startdate ${5:-20200101000000Z} -enddate ${6:-20991231235959Z}
    }
    root ca "Test Authority"
    root other-ca "Other Authority"
    leaf server localhost ca "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
    leaf renewed localhost ca "subjectAltName=DNS:localhost,DNS:renewed.test"
    leaf other other.test ca "subjectAltName=DNS:other.test,DNS:*.wild.test"
    leaf unnamed localhost ca "basicConstraints=CA:FALSE"
    leaf address address ca "subjectAltName=IP:127.0.0.2"
    leaf expired localhost ca "subjectAltName=DNS:localhost" 20200101000000Z 20200630120000Z
    leaf future localhost ca "subjectAltName=DNS:localhost" 20900101000000Z
    leaf unknown localhost other-ca "subjectAltName=DNS:localhost"
    leaf client alice ca "extendedKeyUsage=clientAuth"
    leaf client-unknown mallory other-ca "extendedKeyUsage=clientAuth"
    leaf client-expired bob ca "extendedKeyUsage=clientAuth" 20200101000000Z 20200630120000Z
    leaf middle "Test Intermediate" ca "basicConstraints=critical,CA:TRUE"
    leaf end localhost middle "subjectAltName=DNS:localhost"
    cat end.pem middle.pem > chain.pem && cp end.key chain.key
    key self && openssl req -x509 -new -key self.key -subj /CN=localhost -days 3650 \
      -out self.pem -addext subjectAltName=DNS:localhost
    openssl ec -in server.key -aes128 -passout pass:secret -out locked.key
    cp server.pem locked.pem && cp server.pem mismatched.pem && cp other.key mismatched.key
    mkdir hashed && cp ca.pem hashed/ && openssl rehash hashed
    """
}
