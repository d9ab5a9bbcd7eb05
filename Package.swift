// swift-tools-version: 6.2
import PackageDescription

let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let inMemoryLogging = Target.Dependency.product(name: "InMemoryLogging", package: "swift-log")
let inMemoryTracing = Target.Dependency.product(
  name: "InMemoryTracing", package: "swift-distributed-tracing")
let instrumentation = Target.Dependency.product(
  name: "Instrumentation", package: "swift-distributed-tracing")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")
let serviceContext = Target.Dependency.product(
  name: "ServiceContextModule", package: "swift-service-context")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let unixSignals = Target.Dependency.product(
  name: "UnixSignals", package: "swift-service-lifecycle")

/// The fuzz targets: a test of the suite, or, where OSTACK_FUZZ is set, a program for libFuzzer
/// (docs/fuzzing.md).
let fuzzDependencies: [Target.Dependency] = [
  "Bytes", "Gzip", "HTTP1", "HTTPClient", "InventoryAPI", "OTLP", "Sockets", "StackCheck", "TLS",
  "Telemetry", "Validation", httpTypes, instrumentation, serviceContext,
]
let fuzzing: Target =
  Context.environment["OSTACK_FUZZ"] == nil
  ? .testTarget(
    name: "FuzzTests", dependencies: fuzzDependencies, exclude: ["Corpus", "Driver"])
  : .executableTarget(
    name: "ostack-fuzz", dependencies: fuzzDependencies, path: "Tests/FuzzTests",
    exclude: ["Corpus", "Corpus.swift", "FuzzTests.swift", "Mutator.swift"])

let package = Package(
  name: "ostack",
  products: [
    .executable(name: "order-service", targets: ["OrderService"]),
    .executable(name: "inventory-service", targets: ["InventoryService"]),
    .executable(name: "ostack-check", targets: ["OstackCheck"]),
    .executable(name: "ostack-load", targets: ["OstackLoad"]),
    .library(name: "Telemetry", targets: ["Telemetry"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-service-context", from: "1.5.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Leaves: bytes, and what the system's C libraries offer.
    .target(name: "Bytes"),
    .target(name: "CLinux"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // The network, from the descriptor up.
    .target(name: "Sockets", dependencies: ["Bytes", "CLinux"]),
    .target(name: "TLS", dependencies: ["Bytes", "COpenSSL", "Sockets"]),
    .target(name: "Gzip", dependencies: ["Bytes", "CZlib"]),
    .target(name: "HTTP1", dependencies: ["Bytes", httpTypes]),
    .target(
      name: "HTTPClient",
      dependencies: [
        "Bytes", "HTTP1", "Sockets", "TLS", httpTypes, instrumentation, metrics, serviceContext,
        tracing,
      ]),
    .target(
      name: "HTTPServer",
      dependencies: [
        "Bytes", "Gzip", "HTTP1", "Sockets", "TLS", httpTypes, instrumentation, logging, metrics,
        serviceContext, tracing,
      ]),

    // Telemetry.
    .target(name: "OTLP", dependencies: ["Bytes"]),
    .target(
      name: "Telemetry",
      dependencies: [
        "Bytes", "CLinux", "Gzip", "HTTP1", "HTTPClient", "OTLP", "Sockets", "TLS", coreMetrics,
        httpTypes, instrumentation, logging, serviceContext, tracing,
      ], exclude: ["README.md"]),

    // The services.
    .target(name: "APIDescription", dependencies: ["Bytes", httpTypes]),
    .target(
      name: "DocumentationPages",
      resources: [
        .embedInCode("docs.css"), .embedInCode("docs.html"), .embedInCode("docs.js"),
        .embedInCode("oauth2-redirect.html"),
      ]),
    .target(name: "Validation", dependencies: ["Bytes"]),
    .target(name: "Storage", dependencies: [grdb, metrics, sqlite, tracing]),
    .target(
      name: "ServiceKit",
      dependencies: [
        "APIDescription", "Bytes", "DocumentationPages", "Gzip", "HTTP1", "HTTPClient", "HTTPServer",
        "OTLP", "Sockets", "TLS", "Telemetry", "Validation", arguments, httpTypes, lifecycle, logging, tracing, unixSignals,
      ]),
    .target(name: "InventoryAPI", dependencies: ["Bytes"]),
    .target(name: "InventoryCore", dependencies: ["InventoryAPI", "Storage", grdb]),
    .target(
      name: "InventoryHTTP",
      dependencies: [
        "APIDescription", "HTTP1", "HTTPServer", "InventoryAPI", "InventoryCore", "ServiceKit",
        "Storage", httpTypes,
        logging, metrics, tracing,
      ]),
    .target(
      name: "OrderCore",
      dependencies: [
        "Bytes", "Storage", grdb, instrumentation, logging, metrics, serviceContext, tracing,
      ]),
    .target(
      name: "OrderHTTP",
      dependencies: [
        "APIDescription", "Bytes", "HTTP1", "HTTPClient", "HTTPServer", "InventoryAPI", "OrderCore",
        "ServiceKit", "Sockets", "Storage", "TLS", httpTypes, logging, metrics, serviceContext, tracing,
      ]),
    .executableTarget(
      name: "InventoryService",
      dependencies: [
        "APIDescription", "HTTPServer", "InventoryCore", "InventoryHTTP", "ServiceKit", "Sockets",
        "Storage", logging,
      ]),
    .executableTarget(
      name: "OrderService",
      dependencies: [
        "APIDescription", "HTTPClient", "HTTPServer", "OrderCore", "OrderHTTP", "ServiceKit",
        "Sockets", "Storage", logging,
      ]),

    // The stack's check and its load.
    .target(
      name: "StackCheck",
      dependencies: [
        "Bytes", "COpenSSL", "HTTP1", "HTTPClient", "OTLP", "Sockets", "Telemetry", httpTypes,
      ]),
    .target(
      name: "LoadGenerator",
      dependencies: [
        "Bytes", "HTTP1", "HTTPClient", "InventoryAPI", "Sockets", "Telemetry", httpTypes,
      ]),
    .executableTarget(
      name: "OstackCheck",
      dependencies: ["HTTPClient", "Sockets", "StackCheck", "Telemetry", arguments]),
    .executableTarget(
      name: "OstackLoad",
      dependencies: [
        "HTTPClient", "LoadGenerator", "Sockets", "Telemetry", arguments, unixSignals,
      ]),

    // Tests mirror the sources; Tests/Integration is Python's.
    .testTarget(name: "APIDescriptionTests", dependencies: ["APIDescription", "Bytes", httpTypes]),
    .testTarget(name: "BytesTests", dependencies: ["Bytes"]),
    fuzzing,
    .testTarget(name: "GzipTests", dependencies: ["Bytes", "Gzip"]),
    .testTarget(name: "HTTP1Tests", dependencies: ["Bytes", "HTTP1", httpTypes]),
    .testTarget(
      name: "HTTPClientTests",
      dependencies: [
        "Bytes", "HTTP1", "HTTPClient", "HTTPServer", "RawSockets", "Sockets", "TLS", httpTypes,
        inMemoryTracing, instrumentation, metrics, metricsTestKit, serviceContext, tracing,
      ]),
    .testTarget(
      name: "HTTPServerTests",
      dependencies: [
        "Bytes", "HTTP1", "HTTPServer", "RawSockets", "Sockets", httpTypes, inMemoryLogging,
        inMemoryTracing, instrumentation, logging, metrics, metricsTestKit, serviceContext, tracing,
      ]),
    .testTarget(name: "InventoryAPITests", dependencies: ["InventoryAPI"]),
    .testTarget(
      name: "InventoryCoreTests",
      dependencies: ["InventoryAPI", "InventoryCore", "Storage", "TestSupport", grdb],
      exclude: ["Schemas"]),
    .testTarget(
      name: "InventoryHTTPTests",
      dependencies: [
        "InventoryAPI", "InventoryCore", "InventoryHTTP", "ServiceKit", "TestSupport", coreMetrics,
        httpTypes, logging, metricsTestKit,
      ]),
    .testTarget(
      name: "LoadGeneratorTests",
      dependencies: [
        "HTTP1", "HTTPClient", "HTTPServer", "InventoryAPI", "LoadGenerator", "OTLP", "Sockets",
        "Telemetry", "TestSupport", httpTypes,
      ]),
    .testTarget(
      name: "OrderCoreTests",
      dependencies: [
        "InventoryAPI", "InventoryCore", "OrderCore", "Storage", "TestSupport", coreMetrics, grdb,
        inMemoryTracing, instrumentation, logging, metricsTestKit, serviceContext, tracing,
      ], exclude: ["Schemas"]),
    .testTarget(
      name: "OrderHTTPTests",
      dependencies: [
        "Bytes", "HTTP1", "HTTPClient", "HTTPServer", "InventoryAPI", "InventoryCore", "InventoryHTTP",
        "OrderCore", "OrderHTTP", "RawSockets", "ServiceKit", "Sockets", "Storage", "TestSupport",
        grdb, httpTypes, inMemoryTracing, logging, tracing,
      ]),
    .target(name: "OTLPOracle", path: "Tests/OTLPOracle", exclude: ["otlp_oracle.py"]),
    .testTarget(name: "OTLPTests", dependencies: ["Bytes", "OTLP", "OTLPOracle"]),
    .target(name: "RawSockets", dependencies: ["CLinux"], path: "Tests/RawSockets"),
    .testTarget(
      name: "ServiceKitTests",
      dependencies: [
        "APIDescription", "Bytes", "Gzip", "HTTP1", "HTTPClient", "HTTPServer", "ServiceKit",
        "Sockets", "Storage", "TestSupport", httpTypes, inMemoryTracing, logging, tracing,
      ]),
    .testTarget(
      name: "SocketsTests", dependencies: ["Bytes", "CLinux", "RawSockets", "Sockets"]),
    .testTarget(
      name: "StorageTests",
      dependencies: [
        "Sockets", "Storage", "TestSupport", coreMetrics, grdb, inMemoryTracing, metricsTestKit,
        tracing,
      ]),
    .testTarget(
      name: "StackCheckTests",
      dependencies: [
        "HTTP1", "HTTPClient", "HTTPServer", "OTLP", "RawSockets", "Sockets", "StackCheck",
        "Telemetry", "TestSupport", httpTypes,
      ]),
    .testTarget(name: "StyleTests"),
    .testTarget(
      name: "TelemetryTests",
      dependencies: [
        "Bytes", "Gzip", "HTTP1", "HTTPClient", "OTLP", "OTLPOracle", "RawSockets", "Sockets", "Telemetry",
        coreMetrics, instrumentation, logging, serviceContext, tracing,
      ]),
    .testTarget(name: "TLSTests", dependencies: ["Bytes", "Sockets", "TLS"]),
    .target(
      name: "TestSupport", dependencies: ["HTTP1", "HTTPClient", "HTTPServer", "Sockets", httpTypes],
      path: "Tests/TestSupport"),
    .testTarget(name: "ValidationTests", dependencies: ["Validation"]),
  ]
)

// One place for every compiler rule: what holds for one target holds for all.
for target in package.targets where target.type != .system && target.name != "CLinux" {
  target.swiftSettings = (target.swiftSettings ?? []) + [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
}
