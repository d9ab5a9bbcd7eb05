import Foundation
package import GRDB

/// Text from outside as a column's value. SQLite's text ends at a NUL for most readers, so text that
/// has one is kept as its UTF-8 bytes; it comes back whole, and equal texts are stored alike.
package struct StoredText: DatabaseValueConvertible, Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package var databaseValue: DatabaseValue {
    text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue
  }

  package static func fromDatabaseValue(_ value: DatabaseValue) -> StoredText? {
    switch value.storage {
    case .string(let text): StoredText(text)
    case .blob(let bytes): StoredText(String(decoding: bytes, as: UTF8.self))
    case .null, .int64, .double: nil
    }
  }
}
