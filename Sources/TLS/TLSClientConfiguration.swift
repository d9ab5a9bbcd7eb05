/// How a client secures its connections. Unless told otherwise it accepts only a server whose
/// certificate an authority of the system signed for the very host.
package struct TLSClientConfiguration: Sendable {
  package var verification: Verification
  /// Shown to servers that ask for a certificate.
  package var identity: TLSIdentity?
  package var options: TLSProtocolOptions
  /// For how many hosts sessions are kept, to resume them; 0 turns resumption off.
  package var sessionHostsMax: Int

  /// What is checked of a server's certificate.
  package enum Verification: Hashable, Sendable {
    /// Its chain up to an authority, its validity, and that it is for the host.
    case full(TLSTrust)
    /// All but the host.
    case chainOnly(TLSTrust)
    /// Nothing: anybody in between can read and change everything.
    case none
  }

  /// - Parameter sessionHostsMax: 256 unless given.
  package init(
    verification: Verification = .full(.system),
    identity: TLSIdentity? = nil,
    options: TLSProtocolOptions = TLSProtocolOptions(),
    sessionHostsMax: Int = 256
  ) {
    self.verification = verification
    self.identity = identity
    self.options = options
    self.sessionHostsMax = sessionHostsMax
  }
}
