extension EnvironmentVariable {
  private static let prefix = "OTEL_SWIFT_OTLP_SPOOL"

  /// What cannot be sent is kept on disk.
  static let spool: [EnvironmentVariable] = [
    .file(
      "\(prefix)_DIRECTORY", [settings.spool.directory],
      "folder in which what cannot be sent over OTLP is kept until it can, across restarts too; "
        + "without it, nothing is"),
    .integer(
      "\(prefix)_BYTES_MAX", settings.spool.bytesMax, minimum: 65_536,
      "bytes of all files of a process; more is dropped and counted as `spool_full`"),
    .milliseconds(
      "\(prefix)_AGE_MAX", settings.spool.ageMax, minimum: 1,
      "longest time that something is kept; then it is dropped and counted as `expired`"),
    .integer(
      "\(prefix)_SEGMENT_BYTES", settings.spool.segmentBytes, minimum: 4_096,
      "bytes with which a file is full and the next one begun; a larger request has its own"),
    .integer(
      "\(prefix)_MEMORY_BYTES_MAX", settings.spool.memoryBytesMax, minimum: 0,
      "bytes of one signal that wait in memory while the receiver answers, before more goes to "
        + "disk"),
    .milliseconds(
      "\(prefix)_DELAY", settings.spool.memoryDelay, minimum: 0,
      "longest time that a request waits in memory for a receiver that does not answer"),
    .boolean(
      "\(prefix)_SYNC", settings.spool.isSynchronized,
      "whether every request is on the disk itself before the next is written: it survives the "
        + "machine's death, not only the process's, and costs a wait for the disk each"),
  ]
}
