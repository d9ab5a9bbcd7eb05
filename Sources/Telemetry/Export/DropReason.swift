/// Why a record was lost.
public enum DropReason: String, Sendable, CaseIterable {
  /// As many records, or as many bytes, waited as may.
  case queueFull = "queue_full"
  /// One record was larger than any may be.
  case recordTooLarge = "record_too_large"
  /// The receiver took the request and refused the record (partial success).
  case rejected
  /// The receiver answered that it will never take the request, or the request was too large.
  case exportFailed = "export_failed"
  /// The receiver could not be reached, or was overloaded, for as long as an export may take.
  case exportTimeout = "export_timeout"
  /// The files of what cannot be sent may not be larger.
  case spoolFull = "spool_full"
  /// The disk refused what cannot be sent: it is full, or broken.
  case diskFull = "disk_full"
  /// The record was on disk for as long as it may be.
  case expired
  /// What was on disk cannot be read any more.
  case corrupt
  /// The record came after the shutdown, or the shutdown's deadline did.
  case shutdown
}
