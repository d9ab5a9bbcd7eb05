import Foundation
import OTLP
import Testing

@testable import Telemetry

@Suite("Process metrics")
struct ProcessMetricsTests {
  @Test(
    "statm",
    arguments: [
      ("100 7 3 1 0 2 0\n", ProcessFiles.Memory(virtualBytes: 409_600, residentBytes: 28_672)),
      ("100 7", ProcessFiles.Memory(virtualBytes: 409_600, residentBytes: 28_672)),
      ("100", nil), ("", nil), ("a b", nil), ("100 x", nil),
    ])
  func statm(_ text: String, _ expected: ProcessFiles.Memory?) {
    #expect(ProcessFiles.parse(statm: text, pageBytes: 4_096) == expected)
  }

  private static let stat =
    "42 (name) S 1 42 42 0 -1 4194304 100 0 0 0 5 6 0 0 20 0 11 0 12345 1000 7 184467"

  @Test(
    "stat, whatever the name of the program",
    arguments: ["(name)", "(a b)", "(a) b (c)", "(()", "())"])
  func stat(_ name: String) {
    let text = Self.stat.replacingOccurrences(of: "(name)", with: name)
    #expect(
      ProcessFiles.parse(stat: text, secondsSinceBoot: 200, ticksPerSecond: 100)
        == ProcessFiles.Status(threadCount: 11, uptimeSeconds: 200 - 123.45))
  }

  @Test("a process is not older than nothing")
  func youngProcess() {
    let status = ProcessFiles.parse(stat: Self.stat, secondsSinceBoot: 1, ticksPerSecond: 100)
    #expect(status?.uptimeSeconds == 0)
  }

  @Test("what is no stat", arguments: ["", "42 name S", "42 (name) S 1 2 3", "42 (name)"])
  func malformedStat(_ text: String) {
    #expect(ProcessFiles.parse(stat: text, secondsSinceBoot: 1, ticksPerSecond: 100) == nil)
    #expect(ProcessFiles.parse(stat: Self.stat, secondsSinceBoot: 1, ticksPerSecond: 0) == nil)
  }

  @Test(
    "io",
    arguments: [
      (
        "rchar: 1\nwchar: 2\nread_bytes: 30\nwrite_bytes: 40\ncancelled_write_bytes: 5\n",
        ProcessFiles.DiskBytes(read: 30, written: 40)
      ),
      ("read_bytes: 30\n", nil), ("write_bytes: 30\n", nil), ("read_bytes: x\nwrite_bytes: 1", nil),
      ("", nil),
    ])
  func io(_ text: String, _ expected: ProcessFiles.DiskBytes?) {
    #expect(ProcessFiles.parse(io: text) == expected)
  }

  @Test("descriptors are counted")
  func descriptors() throws {
    let before = try #require(ProcessFiles.descriptorCount())
    let opened = (0..<50).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    defer { for descriptor in opened { close(descriptor) } }
    // Other tests open and close some meanwhile.
    #expect(try #require(ProcessFiles.descriptorCount()) > before)
  }

  @Test("what is measured, and how")
  func metrics() throws {
    let fixture = MetricFixture()
    ProcessMetrics.register(with: fixture.meter)
    let metrics = Dictionary(
      uniqueKeysWithValues: fixture.collect().map { ($0.name, $0) })
    let rows: [(name: String, unit: String, key: String?, values: [String])] = [
      ("process.cpu.time", "s", "cpu.mode", ["user", "system"]),
      ("process.memory.usage", "By", nil, []), ("process.memory.virtual", "By", nil, []),
      ("process.thread.count", "{thread}", nil, []),
      ("process.unix.file_descriptor.count", "{file_descriptor}", nil, []),
      (
        "process.context_switches", "{context_switch}", "process.context_switch.type",
        ["voluntary", "involuntary"]
      ),
      ("process.paging.faults", "{fault}", "system.paging.fault.type", ["major", "minor"]),
      ("process.uptime", "s", nil, []),
    ]
    for row in rows {
      let metric = try #require(metrics[row.name], "\(row.name)")
      #expect(metric.unit == row.unit)
      #expect(!metric.description.isEmpty)
      let attributes = metric.numbers.map(\.attributes)
      let expected = row.values.map { [Attribute(row.key ?? "", .string($0))] }
      #expect(attributes == (expected.isEmpty ? [[]] : expected))
    }
    // Disks are not shown to everyone.
    if let disk = metrics["process.disk.io"] {
      #expect(disk.unit == "By")
      #expect(
        disk.numbers.map(\.attributes) == ["read", "write"].map {
          [Attribute("disk.io.direction", .string($0))]
        })
    }
    func value(_ name: String) -> Double { metrics[name]?.numbers.first?.value.double ?? 0 }
    #expect(value("process.memory.usage") > 1_000_000)
    #expect(value("process.memory.virtual") > value("process.memory.usage"))
    #expect(value("process.thread.count") >= 1)
    #expect(value("process.unix.file_descriptor.count") >= 3)
    #expect(value("process.cpu.time") > 0)
    #expect(value("process.uptime") > 0)
    let faults = metrics["process.paging.faults"]?.numbers.last?.value.double ?? 0
    #expect(faults > 100)
  }

  @Test("kinds of the conventions")
  func kinds() {
    let fixture = MetricFixture()
    ProcessMetrics.register(with: fixture.meter)
    var counters: Set<String> = []
    var gauges: Set<String> = []
    for metric in fixture.collect() {
      if case .sum(_, _, isMonotonic: true) = metric.data { counters.insert(metric.name) }
      if case .gauge = metric.data { gauges.insert(metric.name) }
    }
    #expect(
      counters.subtracting(["process.disk.io"]) == [
        "process.cpu.time", "process.context_switches", "process.paging.faults",
      ])
    #expect(gauges == ["process.uptime"])
  }
}
