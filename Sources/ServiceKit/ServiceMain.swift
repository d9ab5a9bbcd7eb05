import Foundation
package import HTTPServer
package import Logging
package import Sockets
import Telemetry

/// What the main programs of both services share.
package enum ServiceMain {
  /// What a service's routes are made of.
  package struct Context: Sendable {
    package let loops: [EventLoop]
    package let logger: Logger
    package let draining: DrainFlag
  }

  /// Serves until the process is told to stop.
  /// - Parameters:
  ///   - routes: Adds the service's routes.
  ///   - background: Further work; cancelled when the service is told to stop.
  /// - Throws: `SettingError`.
  package static func serve(
    _ configuration: ServiceConfiguration, routes: (Context, inout Router) throws -> Void,
    background: @escaping @Sendable () async -> Void = {}
  ) async throws {
    let telemetry = try ServiceTelemetry(
      configuration, environment: ProcessInfo.processInfo.environment)
    let loops = try EventLoopGroup.make(count: configuration.eventLoopCount)
    var logger = Logger(label: configuration.serviceName)
    logger.logLevel = configuration.logLevel
    let draining = DrainFlag()
    var router = Router()
    try routes(Context(loops: loops, logger: logger, draining: draining), &router)
    let server = HTTPServer(
      configuration: configuration.server, loops: loops, router: router,
      middleware: configuration.isObserved ? [ObservabilityMiddleware(logger: logger)] : [])
    do {
      try await ServiceRunner(
        configuration, server: server, draining: draining, logger: logger
      ).run(background: background)
    } catch {
      _ = await telemetry.telemetry.shutdown()
      throw error
    }
    _ = await telemetry.telemetry.shutdown()
  }
}
