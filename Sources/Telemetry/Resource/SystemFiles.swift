import Glibc

/// Reads the files in which Linux describes the process and the machine.
package struct SystemFiles: Sendable {
  /// What stands before every path: empty for the machine that this runs on.
  private let root: String

  /// Bytes of a file that are read; the rest is ignored.
  private static let fileBytesMax = 1 << 20

  package init(root: String = "") { self.root = root }

  /// The content of a file; nil when there is none that can be read.
  func bytes(_ path: String) -> [UInt8]? {
    let descriptor = open(root + path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 8_192)
    while content.count < Self.fileBytesMax {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 {
        guard errno == EINTR else { return nil }
        continue
      }
      if count == 0 { break }
      content += chunk[..<count]
    }
    return content
  }

  /// The lines of a text file, without their ends; none when it cannot be read.
  func lines(_ path: String) -> [Substring] {
    String(decoding: bytes(path) ?? [], as: UTF8.self).split(separator: "\n")
  }

  /// Where a symbolic link leads; nil when it is none.
  func target(of path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(root + path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
