/// A growable, contiguous first-in-first-out queue of bytes: appended at the end, consumed from the
/// front.
///
/// It is the one buffer of the project: what a socket receives, what it sends, what an encoder
/// writes. It owns its memory alone (it cannot be copied), so appending is a bounds check and a
/// store. Consumed space is reused before memory grows; growth doubles the capacity.
///
/// Appending n bytes is amortised O(n); `consume` is O(1).
package struct ByteQueue: ~Copyable, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: the memory has exactly one owner, this value, and is reachable
  // through no other reference outside a `with…` closure.
  @usableFromInline package var base: UnsafeMutablePointer<UInt8>
  /// Offset of the first readable byte.
  @usableFromInline package var start: Int
  /// Offset behind the last readable byte.
  @usableFromInline package var end: Int
  /// Bytes of memory held.
  package private(set) var capacity: Int

  /// Creates an empty queue.
  /// - Parameter capacity: Bytes that fit before memory grows.
  package init(capacity: Int = 256) {
    let size = max(capacity, 16)
    base = .allocate(capacity: size)
    start = 0
    end = 0
    self.capacity = size
  }

  deinit { base.deallocate() }

  /// How many bytes are readable.
  @inlinable package var count: Int { end - start }

  @inlinable package var isEmpty: Bool { end == start }

  /// The readable byte at `index`, counted from the front.
  @inlinable package subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < end - start, "index is outside the readable bytes")
    return base[start + index]
  }

  // MARK: Reading

  /// Calls `body` with the readable bytes.
  @inlinable package borrowing func withBytes<R: ~Copyable, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    // The span cannot outlive the closure, and `self` is borrowed for as long.
    try body(UnsafeBufferPointer(start: base + start, count: end - start).span)
  }

  /// Calls `body` with the readable bytes as raw memory, for system calls.
  @inlinable package borrowing func withUnsafeBytes<R: ~Copyable, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try body(UnsafeRawBufferPointer(start: base + start, count: end - start))
  }

  /// A copy of the readable bytes.
  package func array() -> [UInt8] {
    Array(UnsafeBufferPointer(start: base + start, count: end - start))
  }

  /// A copy of the readable bytes in `range`, counted from the front.
  package func array(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range is not readable")
    return Array(UnsafeBufferPointer(start: base + start + range.lowerBound, count: range.count))
  }

  // MARK: Removing

  /// Drops the first `byteCount` readable bytes.
  @inlinable package mutating func consume(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= end - start, "cannot consume what is not there")
    start += byteCount
    if start == end {
      start = 0
      end = 0
    }
  }

  /// Drops every readable byte and keeps the memory.
  @inlinable package mutating func removeAll() {
    start = 0
    end = 0
  }

  /// Drops the bytes behind the first `byteCount` readable ones.
  @inlinable package mutating func truncate(to byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= end - start, "cannot grow by truncating")
    end = start + byteCount
  }

  /// Gives memory above `byteCount` back when nothing is queued, so that one large message does not
  /// cost memory for as long as its connection lives.
  package mutating func shrink(to byteCount: Int) {
    guard isEmpty, capacity > byteCount else { return }
    base.deallocate()
    capacity = max(byteCount, 16)
    base = .allocate(capacity: capacity)
    start = 0
    end = 0
  }

  // MARK: Appending

  /// Makes room for `byteCount` more bytes.
  @inlinable package mutating func reserve(_ byteCount: Int) {
    if capacity - end < byteCount { makeRoom(byteCount) }
  }

  @usableFromInline package mutating func makeRoom(_ byteCount: Int) {
    let readable = count
    if capacity - readable >= byteCount, start >= readable {
      // Moving costs no more than was consumed since the last move.
      base.update(from: base + start, count: readable)
    } else {
      // Larger even where the bytes would fit: to move many for the sake of few, again and again,
      // would cost more than linear time.
      var size = capacity * 2
      while size - readable < byteCount { size *= 2 }
      let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
      memory.update(from: base + start, count: readable)
      base.deallocate()
      base = memory
      capacity = size
    }
    start = 0
    end = readable
  }

  /// Lets `body` write into at least `byteCount` bytes of free memory.
  /// - Parameter body: Writes from the start of the memory it is given, and returns how many bytes
  ///   it wrote.
  /// - Returns: What `body` returned.
  @inlinable @discardableResult
  package mutating func write<E: Error>(
    atLeast byteCount: Int,
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) -> Int {
    reserve(byteCount)
    let written = try body(UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end))
    precondition(written >= 0 && written <= capacity - end, "more written than there was room")
    end += written
    return written
  }

  @inlinable package mutating func append(_ byte: UInt8) {
    reserve(1)
    base[end] = byte
    end += 1
  }

  @inlinable package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    UnsafeMutableRawPointer(base + end).copyMemory(from: source, byteCount: bytes.count)
    end += bytes.count
  }

  @inlinable package mutating func append(_ bytes: Span<UInt8>) {
    bytes.withUnsafeBufferPointer { append(UnsafeRawBufferPointer($0)) }
  }

  @inlinable package mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  @inlinable package mutating func append(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { append($0) }
  }

  @inlinable package mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends the UTF-8 bytes of `text`.
  @inlinable package mutating func append(_ text: String) {
    let written: Void? = text.utf8.withContiguousStorageIfAvailable {
      append(UnsafeRawBufferPointer($0))
    }
    if written == nil { for byte in text.utf8 { append(byte) } }
  }

  /// Appends the UTF-8 bytes of `text`.
  @inlinable package mutating func append(_ text: Substring) {
    let written: Void? = text.utf8.withContiguousStorageIfAvailable {
      append(UnsafeRawBufferPointer($0))
    }
    if written == nil { for byte in text.utf8 { append(byte) } }
  }

  /// Appends the readable bytes of another queue.
  @inlinable package mutating func append(_ other: borrowing ByteQueue) {
    other.withUnsafeBytes { append($0) }
  }

  /// Opens a gap of `byteCount` bytes before the readable byte at `index`; its content is undefined
  /// until it is overwritten.
  package mutating func insertGap(_ byteCount: Int, at index: Int) {
    precondition(index >= 0 && index <= count && byteCount >= 0, "gap is outside the bytes")
    reserve(byteCount)
    let position = base + start + index
    (position + byteCount).update(from: position, count: count - index)
    end += byteCount
  }

  /// Overwrites the readable byte at `index`.
  @inlinable package mutating func set(_ byte: UInt8, at index: Int) {
    precondition(index >= 0 && index < end - start, "index is outside the readable bytes")
    base[start + index] = byte
  }
}
