import Synchronization

/// What the connections of a server share: certificates, keys, rules. Safe from any thread.
///
/// It can be replaced while it is in use: connections that begin later get the new one, those that
/// exist keep theirs. Tickets of before are then no longer accepted, since what they vouch for may
/// have changed; their clients make a full handshake.
package final class TLSServerContext: Sendable {
  private struct Generation {
    var configuration: TLSServerConfiguration
    var contexts: ServerContextSet
  }

  private let generation: Mutex<Generation>

  /// - Throws: `configuration`, such as for a missing file or a key that fits no certificate.
  package init(_ configuration: TLSServerConfiguration) throws(TLSError) {
    let contexts = try ServerContextSet(configuration)
    generation = Mutex(Generation(configuration: configuration, contexts: contexts))
  }

  /// Takes another configuration for the connections to come.
  /// - Throws: `configuration`; then everything stays as it was.
  package func replace(with configuration: TLSServerConfiguration) throws(TLSError) {
    // Files are read and keys checked outside the lock.
    let contexts = try ServerContextSet(configuration)
    generation.withLock { $0 = Generation(configuration: configuration, contexts: contexts) }
  }

  /// Reads the files of the configuration again, for renewed certificates. It blocks: not on an
  /// event loop.
  /// - Throws: `configuration`; then everything stays as it was.
  package func reload() throws(TLSError) {
    try replace(with: generation.withLock { $0.configuration })
  }

  var current: ServerContextSet { generation.withLock { $0.contexts } }
}
