import Glibc
import Sockets

/// The segment file that is being sent: its requests one after the other, each marked in the file
/// when it is done, so that a process that dies sends at most one of them twice.
struct SpoolReader {
  let path: String
  /// What the file held when it was opened.
  let segment: SpoolSegment
  private let content: [UInt8]
  private let descriptor: Int32
  private var next = 0

  /// Larger files are none of ours.
  static let fileBytesMax = 2 * SpoolFrame.bodyBytesMax

  /// Reads all of the file.
  /// - Throws: `SystemError` when that is not possible.
  init(_ path: String) throws(SystemError) {
    let descriptor = try SpoolFile.openForMarking(path)
    do throws(SystemError) {
      content = try SpoolFile.content(of: descriptor, bytesMax: Self.fileBytesMax)
    } catch {
      _ = Glibc.close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    segment = SpoolSegment(scanning: content)
  }

  /// The oldest frame that is not done.
  var current: SpoolFrame? { next < segment.pending.count ? segment.pending[next] : nil }

  func body(of frame: SpoolFrame) -> [UInt8] { Array(content[frame.body]) }

  /// The oldest frame is done.
  mutating func settle() {
    guard let frame = current else { return }
    // A disk that refuses the mark makes the frame be sent again after a crash, no more.
    try? SpoolFile.mark(SpoolFrame.doneMark, in: descriptor, at: frame.markOffset)
    next += 1
  }

  /// Deletes the file.
  func remove() {
    close()
    unlink(path)
  }

  func close() { _ = Glibc.close(descriptor) }
}
