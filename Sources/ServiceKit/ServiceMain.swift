package import APIDescription
import Foundation
import HTTPClient
package import HTTPServer
package import Logging
package import Sockets
import TLS
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
  ///   - api: What the routes are described by.
  ///   - setUp: Adds the service's routes, and returns its further work, which is cancelled when the
  ///     service is told to stop.
  /// - Throws: `SettingError`, and what `setUp` throws.
  package static func serve(
    _ configuration: ServiceConfiguration, api: @escaping @Sendable () -> APIDescription,
    setUp: (Context, inout Router) throws -> [@Sendable () async -> Void]
  ) async throws {
    let telemetry = try ServiceTelemetry(
      configuration, environment: ProcessInfo.processInfo.environment)
    let loops = try EventLoopGroup.make(count: configuration.eventLoopCount)
    // Its level is that of all loggers, so that it can be changed while the service runs.
    let logger = Logger(label: configuration.serviceName)
    let draining = DrainFlag()
    var router = Router()
    let background = try setUp(Context(loops: loops, logger: logger, draining: draining), &router)
    DocumentationRoutes(traces: traces(configuration), api: api).add(to: &router)
    var serverConfiguration = configuration.server
    limitConnections(&serverConfiguration, logger)
    let renewal = try secure(&serverConfiguration, configuration, logger)
    let server = HTTPServer(
      configuration: serverConfiguration, loops: loops, router: router,
      middleware: middleware(configuration, logger), contentCoding: configuration.contentCoding,
      onPeerFault: { [logger] error in
        logger.info("connection refused", metadata: ["reason": "\(error)"])
      },
      onAcceptPaused: { [logger] pause in
        logger.warning("accepting paused", metadata: ["reason": "\(pause)"])
      })
    do {
      try await ServiceRunner(
        configuration, server: server, draining: draining, logger: logger
      ).run(background: background + [{ await renewal?.watch(every: .seconds(10)) }]) {
        renewal?.reload()
        telemetry.telemetry.runtime.reload()
      }
    } catch {
      _ = await telemetry.telemetry.shutdown()
      throw error
    }
    _ = await telemetry.telemetry.shutdown()
  }

  private static func traces(_ configuration: ServiceConfiguration) -> DocumentationRoutes.Traces {
    DocumentationRoutes.Traces(
      isRecorded: configuration.isObserved,
      url: configuration.tracesURL.map { "\($0.appending("/trace/"))" + "{trace_id}" })
  }

  /// The first stands outermost.
  private static func middleware(
    _ configuration: ServiceConfiguration, _ logger: Logger
  ) -> [any Middleware] {
    guard configuration.isObserved else { return [] }
    let observability = ObservabilityMiddleware(logger: logger) { context in
      context.spanContext.flatMap { $0.isValid ? TraceParent.format($0) : nil }
    }
    return [observability]
  }

  /// Leaves descriptors for the store and for calls to others, however many clients come.
  private static func limitConnections(
    _ server: inout HTTPServerConfiguration, _ logger: Logger
  ) {
    let wanted = server.connectionsMax
    let descriptorsMax = DescriptorLimit.raise()
    server.connectionsMax = DescriptorLimit.connectionsMax(wanted, descriptorsMax: descriptorsMax)
    guard server.connectionsMax < wanted else { return }
    logger.notice(
      "fewer connections than HTTP_CONNECTIONS_MAX: the process may have too few descriptors",
      metadata: [
        "connections_max": .stringConvertible(server.connectionsMax),
        "descriptors_max": .stringConvertible(descriptorsMax),
      ])
  }

  /// Makes the server speak TLS, when the settings say so.
  private static func secure(
    _ server: inout HTTPServerConfiguration, _ configuration: ServiceConfiguration,
    _ logger: Logger
  ) throws(SettingError) -> CertificateRenewal? {
    guard let tls = configuration.tls else { return nil }
    do throws(TLSError) {
      let context = try TLSServerContext(tls.configuration)
      server.tls = context
      return CertificateRenewal(context, files: tls.files, logger: logger)
    } catch {
      throw SettingError(tls.variable, error.description)
    }
  }
}
