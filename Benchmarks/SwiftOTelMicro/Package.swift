// swift-tools-version: 6.2
import PackageDescription

// SWIFT_OTEL_DIRECTORY is a folder that holds swift-otel; swift-w3c-trace-context, which it needs, is
// expected beside it or in SWIFT_W3C_TRACE_CONTEXT_DIRECTORY.
let directory = Context.environment["SWIFT_OTEL_DIRECTORY"] ?? "swift-otel"
let name = directory.split(separator: "/").last.map(String.init) ?? "swift-otel"

let package = Package(
  name: "swift-otel-benchmark",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(path: directory, traits: ["OTLPHTTP"]),
    .package(
      path: Context.environment["SWIFT_W3C_TRACE_CONTEXT_DIRECTORY"]
        ?? "\(directory)/../swift-w3c-trace-context"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .executableTarget(
      name: "SwiftOTelBenchmark",
      dependencies: [
        .product(name: "OTel", package: name),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
