/// How a server secures its connections.
package struct TLSServerConfiguration: Sendable {
  /// At least one. A client that asks for a name (SNI, RFC 6066 §3) gets the first whose
  /// certificate covers it; all others get the first of all.
  package var identities: [TLSIdentity]
  package var clientAuthentication: ClientAuthentication
  package var options: TLSProtocolOptions
  /// How many tickets a client gets for resuming in TLS 1.3; 0 turns resumption off in both
  /// versions.
  package var ticketsPerHandshake: Int
  /// How long a ticket can be used; at least a second, at most a week (RFC 8446 §4.6.1).
  package var ticketLifetime: Duration

  /// Whether clients show a certificate.
  package enum ClientAuthentication: Hashable, Sendable {
    case none
    /// A client may show none, but a bad one ends the handshake.
    case optional(TLSTrust)
    case required(TLSTrust)
  }

  /// - Parameters:
  ///   - ticketsPerHandshake: 2 unless given.
  ///   - ticketLifetime: 2 hours unless given. The tickets' key lives as long as the process, or
  ///     until the next reload.
  package init(
    identities: [TLSIdentity],
    clientAuthentication: ClientAuthentication = .none,
    options: TLSProtocolOptions = TLSProtocolOptions(),
    ticketsPerHandshake: Int = 2,
    ticketLifetime: Duration = .seconds(7_200)
  ) {
    self.identities = identities
    self.clientAuthentication = clientAuthentication
    self.options = options
    self.ticketsPerHandshake = ticketsPerHandshake
    self.ticketLifetime = ticketLifetime
  }
}
