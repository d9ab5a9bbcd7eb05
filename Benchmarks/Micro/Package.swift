// swift-tools-version: 6.2
import PackageDescription

// What is measured has `package` access: it shows itself to modules that are compiled under its own
// package's name, which SwiftPM takes from the folder.
let root = Context.packageDirectory.split(separator: "/").dropLast(2).last ?? "ostack"
let packageName = String(root.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })

let package = Package(
  name: "micro-benchmark",
  dependencies: [
    .package(name: "ostack", path: "../.."),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
  ],
  targets: [
    .executableTarget(
      name: "MicroBenchmark",
      dependencies: [
        .product(name: "Telemetry", package: "ostack"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      packageAccess: false,
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .unsafeFlags(["-package-name", packageName]),
      ])
  ]
)
