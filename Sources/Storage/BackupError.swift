import Glibc
import GRDB

/// Why there is no backup.
package enum BackupError: Error, Hashable, CustomStringConvertible {
  /// There is nothing to copy.
  case noDatabase(String)
  /// The file is there already.
  case exists(String)
  /// The copy is damaged, and so is probably the database.
  case damaged(String)
  /// The copy cannot be written, or the database not be read.
  case failed(path: String, reason: String)

  init(_ error: any Error, target: String) {
    self = error as? BackupError
      ?? .failed(path: target, reason: StorageError(error).description)
  }

  static func system(_ target: String, _ number: Int32) -> BackupError {
    .failed(path: target, reason: String(cString: strerror(number)))
  }

  package var description: String {
    switch self {
    case .noDatabase(let path): "there is no database \(path)"
    case .exists(let path): "\(path) exists; --overwrite replaces it"
    case .damaged(let reason): "the copy is damaged, and the database may be: \(reason)"
    case .failed(let path, let reason): "cannot back up to \(path): \(reason)"
    }
  }
}
