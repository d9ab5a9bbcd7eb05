import GRDB

/// Why the store could not do what was asked.
package enum StorageError: Error, Hashable, CustomStringConvertible {
  /// The file cannot be opened, made or brought up to date.
  case cannotOpen(path: String, reason: String)
  /// A later version of the program has changed the file.
  case tooNew
  /// No room on the disk.
  case full
  /// The file or its directory may not be written.
  case readOnly
  /// The file was moved, removed or replaced while it was open.
  case moved
  /// Another process holds a lock on the file for too long.
  case locked
  /// The file is damaged, or has a value that this program does not write.
  case corrupt(String)
  /// Too many operations wait already.
  case overloaded
  /// It took longer than its caller waits. What had not begun by then is not done; what had may be.
  case timedOut
  /// `close` has been called.
  case closed
  /// Anything else that SQLite reports.
  case failed(String)

  init(_ error: any Error) {
    switch error {
    case let error as StorageError: self = error
    case let error as DatabaseError: self.init(error)
    case is RowDecodingError: self = .corrupt("a column has a value of another type")
    default: self = .failed("\(error)")
    }
  }

  private init(_ error: DatabaseError) {
    let message = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_FULL: self = .full
    case .SQLITE_READONLY: self = .readOnly
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(message)
    default: self = .failed(message)
    }
  }

  /// Whether another operation may succeed all the same.
  package var isOfOneOperation: Bool {
    switch self {
    case .corrupt, .failed, .timedOut: true
    case .cannotOpen, .tooNew, .full, .readOnly, .moved, .locked, .overloaded, .closed: false
    }
  }

  /// A short constant name, for `error.type`.
  package var label: String {
    switch self {
    case .cannotOpen: "cannot_open"
    case .tooNew: "too_new"
    case .full: "disk_full"
    case .readOnly: "read_only"
    case .moved: "moved"
    case .locked: "locked"
    case .corrupt: "corrupt"
    case .overloaded: "overloaded"
    case .timedOut: "timeout"
    case .closed: "closed"
    case .failed: "sqlite_error"
    }
  }

  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "cannot open the database \(path): \(reason)"
    case .tooNew: "a later version of this program has changed it"
    case .full: "the disk is full"
    case .readOnly: "the database cannot be written"
    case .moved: "the database's file is not in its place any more"
    case .locked: "another process has locked the database"
    case .corrupt(let reason): "the database is damaged: \(reason)"
    case .overloaded: "too many database operations wait"
    case .timedOut: "the database did not answer in time"
    case .closed: "the database is closed"
    case .failed(let reason): "the database failed: \(reason)"
    }
  }
}
