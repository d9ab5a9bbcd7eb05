package import HTTPServer
package import Logging
import ServiceLifecycle
import UnixSignals
import Sockets

/// Serves HTTP until the process is told to stop (SIGTERM, SIGINT), and then drains.
package struct ServiceRunner: Sendable {
  private let configuration: ServiceConfiguration
  private let server: HTTPServer
  private let draining: DrainFlag
  private let logger: Logger

  package init(
    _ configuration: ServiceConfiguration, server: HTTPServer, draining: DrainFlag, logger: Logger
  ) {
    self.configuration = configuration
    self.server = server
    self.draining = draining
    self.logger = logger
  }

  /// Runs until it has drained.
  /// - Parameters:
  ///   - background: Further work of the service; cancelled when it is told to stop.
  ///   - onHangup: Called at every SIGHUP.
  /// - Throws: `SettingError` when it cannot listen where it should.
  package func run(
    background: [@Sendable () async -> Void] = [], onHangup: @escaping @Sendable () async -> Void
  ) async throws {
    let hangups: @Sendable () async -> Void = {
      for await _ in await UnixSignalsSequence(trapping: .sighup) { await onHangup() }
    }
    let bound = try await listen()
    // The parts end in the reverse order: serving first.
    let group = ServiceGroup(
      services: (background + [hangups]).map { work in
        Part { await cancelWhenGracefulShutdown(work) }
      } + [Part { await serve(bound) }], gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "lifecycle") { _ in
        SwiftLogNoOpLogHandler()
      })
    try await group.run()
  }

  /// A part of the group. It ends by itself, when it is told to or has nothing to do.
  private struct Part: Service {
    let body: @Sendable () async -> Void

    func run() async throws {
      await body()
      // A part that ended early would end the whole group.
      try? await gracefulShutdown()
    }
  }

  private func serve(_ bound: [SocketAddress]) async {
    logger.info(
      "listening",
      metadata: [
        "server.address": "\(configuration.host)",
        "server.port": .stringConvertible(Int(bound.first?.port ?? 0)),
        "addresses": .array(bound.map { "\($0)" }),
      ])
    try? await gracefulShutdown()
    draining.set()
    logger.info(
      "draining", metadata: ["connections": .stringConvertible(server.connectionCount)])
    let cut = await server.drain(deadline: .now() + configuration.shutdownTimeout)
    logger.log(
      level: cut == 0 ? .info : .warning, "stopped",
      metadata: ["connections_cut": .stringConvertible(cut)])
  }

  private func listen() async throws(SettingError) -> [SocketAddress] {
    let addresses: [SocketAddress]
    do throws(ResolutionError) {
      addresses = try ListenAddresses.resolve(host: configuration.host, port: configuration.port)
    } catch {
      throw SettingError(configuration.hostVariable, error.description)
    }
    do throws(SystemError) {
      return try await server.listen(on: addresses)
    } catch {
      let name = error.isAddressInUse ? configuration.portVariable : configuration.hostVariable
      throw SettingError(
        name, error.isAddressInUse
          ? "port \(configuration.port) is in use"
          : "cannot listen on \(configuration.host):\(configuration.port): \(error.reason)")
    }
  }
}
