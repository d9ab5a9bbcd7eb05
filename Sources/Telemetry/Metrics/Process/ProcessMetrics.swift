import OTLP

/// The process's own resources (semantic conventions, "Process metrics"), asked of the system when
/// metrics are collected.
struct ProcessMetrics: Sendable {
  private let cpuTime: ObservableInstrument
  private let memoryUsage: ObservableInstrument
  private let memoryVirtual: ObservableInstrument
  private let diskIO: ObservableInstrument
  private let threads: ObservableInstrument
  private let fileDescriptors: ObservableInstrument
  private let contextSwitches: ObservableInstrument
  private let pageFaults: ObservableInstrument
  private let uptime: ObservableInstrument

  init(_ meter: TelemetryMeter) {
    cpuTime = meter.observableCounter(
      "process.cpu.time", unit: "s", description: "Processor time used, by mode.",
      isInteger: false)
    memoryUsage = meter.observableUpDownCounter(
      "process.memory.usage", unit: "By", description: "Physical memory in use.")
    memoryVirtual = meter.observableUpDownCounter(
      "process.memory.virtual", unit: "By", description: "Memory reserved in the address space.")
    diskIO = meter.observableCounter(
      "process.disk.io", unit: "By", description: "Bytes read from and written to disks.")
    threads = meter.observableUpDownCounter(
      "process.thread.count", unit: "{thread}", description: "Threads.")
    fileDescriptors = meter.observableUpDownCounter(
      "process.unix.file_descriptor.count", unit: "{file_descriptor}",
      description: "File descriptors that are open.")
    contextSwitches = meter.observableCounter(
      "process.context_switches", unit: "{context_switch}",
      description: "How often a thread gave its processor up, by whether it had to.")
    pageFaults = meter.observableCounter(
      "process.paging.faults", unit: "{fault}",
      description: "How often memory had to be brought in, by whether from disk.")
    uptime = meter.observableGauge(
      "process.uptime", unit: "s", description: "Time since the process started.")
  }

  /// Has the present values observed with every collection.
  static func register(with meter: TelemetryMeter) {
    let metrics = ProcessMetrics(meter)
    meter.addCallback { metrics.observe($0) }
  }

  private func observe(_ observer: borrowing MetricObserver) {
    if let usage = ResourceUsage.current() { observe(usage, observer) }
    if let memory = ProcessFiles.memory() {
      observer.observe(memoryUsage, memory.residentBytes)
      observer.observe(memoryVirtual, memory.virtualBytes)
    }
    if let status = ProcessFiles.status() {
      observer.observe(threads, status.threadCount)
      observer.observe(uptime, status.uptimeSeconds)
    }
    if let count = ProcessFiles.descriptorCount() { observer.observe(fileDescriptors, count) }
    if let disk = ProcessFiles.diskBytes() {
      observer.observe(diskIO, disk.read, [Attribute("disk.io.direction", "read")])
      observer.observe(diskIO, disk.written, [Attribute("disk.io.direction", "write")])
    }
  }

  private func observe(_ usage: ResourceUsage, _ observer: borrowing MetricObserver) {
    observer.observe(cpuTime, usage.userSeconds, [Attribute("cpu.mode", "user")])
    observer.observe(cpuTime, usage.systemSeconds, [Attribute("cpu.mode", "system")])
    let switchType = "process.context_switch.type"
    observer.observe(
      contextSwitches, usage.voluntarySwitches, [Attribute(switchType, "voluntary")])
    observer.observe(
      contextSwitches, usage.involuntarySwitches, [Attribute(switchType, "involuntary")])
    let faultType = "system.paging.fault.type"
    observer.observe(pageFaults, usage.majorFaults, [Attribute(faultType, "major")])
    observer.observe(pageFaults, usage.minorFaults, [Attribute(faultType, "minor")])
  }
}
