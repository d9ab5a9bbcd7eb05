extension InstrumentDescription {
  /// The process's own resources (semantic conventions, "Process metrics").
  static let process = [
    InstrumentDescription("process.cpu.time", "s", "Processor time used, by mode."),
    InstrumentDescription("process.memory.usage", "By", "Physical memory in use."),
  ]
}
