/// Tells when so many connections have ended that the memory they used is worth giving back.
struct MemoryRelease {
  /// So many at the least: fewer cost next to nothing.
  static let connectionCountMin = 64

  /// The most connections since the last time.
  private var peakCount = 0

  mutating func note(connectionCount count: Int) { peakCount = max(peakCount, count) }

  /// Whether memory is to be given back; then it counts from here on.
  /// - Parameter count: Connections that are left: half of them at the most, since numbers that go
  ///   up and down in daily use would only have the memory taken up again.
  mutating func isDue(connectionCount count: Int) -> Bool {
    guard isWorthwhile(connectionCount: count) else { return false }
    peakCount = count
    return true
  }

  func isWorthwhile(connectionCount count: Int) -> Bool {
    peakCount - count >= Self.connectionCountMin && count <= peakCount / 2
  }
}
