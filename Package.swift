// swift-tools-version: 6.2
import PackageDescription

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")

let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let serviceContext = Target.Dependency.product(
  name: "ServiceContextModule", package: "swift-service-context")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")

let package = Package(
  name: "ostack",
  products: [
    .executable(name: "order-service", targets: ["OrderService"]),
    .executable(name: "inventory-service", targets: ["InventoryService"]),
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
    .target(name: "Bytes"),
    .target(name: "CLinux"),
    .target(name: "Sockets", dependencies: ["Bytes", "CLinux"]),
    .target(name: "HTTP1", dependencies: ["Bytes", httpTypes]),
    .target(name: "Validation", dependencies: ["Bytes"]),
    .target(name: "InventoryAPI", dependencies: ["Bytes"]),
    .target(name: "Storage", dependencies: [grdb, metrics, tracing]),
    .target(
      name: "ServiceKit",
      dependencies: [
        "Bytes", "HTTP1", "HTTPClient", "HTTPServer", "Sockets", "Validation", httpTypes, lifecycle,
        unixSignals,
        logging,
      ]),
    .executableTarget(
      name: "OrderService",
      dependencies: [
        "Bytes", "HTTP1", "HTTPClient", "HTTPServer", "InventoryAPI", "OrderCore", "ServiceKit",
        "Sockets", "Storage", arguments, httpTypes, logging, metrics, serviceContext, tracing,
      ]),
    .executableTarget(
      name: "InventoryService",
      dependencies: [
        "HTTP1", "HTTPServer", "InventoryAPI", "InventoryCore", "ServiceKit", "Sockets", "Storage",
        arguments, httpTypes, logging, metrics, serviceContext, tracing,
      ]),
    .target(name: "InventoryCore", dependencies: ["InventoryAPI", "Storage", grdb]),
    .target(name: "OrderCore", dependencies: ["Bytes", "Storage", grdb]),
    .target(
      name: "HTTPClient",
      dependencies: ["Bytes", "HTTP1", "Sockets", httpTypes, metrics, serviceContext, tracing]),
    .target(
      name: "HTTPServer",
      dependencies: [
        "Bytes", "HTTP1", "Sockets", httpTypes, logging, metrics, serviceContext, tracing,
      ]),
  ]
)

// One place for every compiler rule: what holds for one target holds for all.
for target in package.targets where target.type != .system && !target.name.hasPrefix("C") {
  target.swiftSettings = (target.swiftSettings ?? []) + [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
}
