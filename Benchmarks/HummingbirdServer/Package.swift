// swift-tools-version: 6.2
import PackageDescription

// With SWIFT_OTEL_DIRECTORY, a folder that holds swift-otel, `instrumented` exports over OTLP.
// swift-w3c-trace-context, which it needs, is expected beside it or in
// SWIFT_W3C_TRACE_CONTEXT_DIRECTORY.
let swiftOTelDirectory = Context.environment["SWIFT_OTEL_DIRECTORY"].flatMap {
  $0.isEmpty ? nil : $0
}

let package = Package(
  name: "hummingbird-benchmark",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .executableTarget(
      name: "HummingbirdBenchmark",
      dependencies: [
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)

if let swiftOTelDirectory {
  let name = swiftOTelDirectory.split(separator: "/").last.map(String.init) ?? "swift-otel"
  package.dependencies += [
    .package(path: swiftOTelDirectory, traits: ["OTLPHTTP"]),
    .package(
      path: Context.environment["SWIFT_W3C_TRACE_CONTEXT_DIRECTORY"]
        ?? "\(swiftOTelDirectory)/../swift-w3c-trace-context"),
  ]
  for target in package.targets {
    target.dependencies.append(.product(name: "OTel", package: name))
    target.swiftSettings = (target.swiftSettings ?? []) + [.define("SWIFT_OTEL")]
  }
}
