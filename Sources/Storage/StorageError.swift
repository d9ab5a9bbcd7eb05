import GRDB

/// Why the store could not do what was asked.
package enum StorageError: Error, CustomStringConvertible {
  /// The file cannot be opened, made or brought up to date.
  case cannotOpen(path: String, reason: String)
  /// No room on the disk.
  case full
  /// The file or its directory may not be written.
  case readOnly
  /// The file is damaged.
  case corrupt(String)
  /// Too many operations wait already.
  case overloaded
  /// `close` has been called.
  case closed
  /// Anything else that SQLite reports.
  case failed(String)

  init(_ error: any Error) {
    guard let error = error as? DatabaseError else {
      self = .failed("\(error)")
      return
    }
    switch error.resultCode {
    case .SQLITE_FULL: self = .full
    case .SQLITE_READONLY: self = .readOnly
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(error.message ?? "damaged")
    default: self = .failed(error.message ?? error.resultCode.description)
    }
  }

  /// A short constant name, for `error.type`.
  package var label: String {
    switch self {
    case .cannotOpen: "cannot_open"
    case .full: "disk_full"
    case .readOnly: "read_only"
    case .corrupt: "corrupt"
    case .overloaded: "overloaded"
    case .closed: "closed"
    case .failed: "sqlite_error"
    }
  }

  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "cannot open the database \(path): \(reason)"
    case .full: "the disk is full"
    case .readOnly: "the database cannot be written"
    case .corrupt(let reason): "the database is damaged: \(reason)"
    case .overloaded: "too many database operations wait"
    case .closed: "the database is closed"
    case .failed(let reason): "the database failed: \(reason)"
    }
  }
}
