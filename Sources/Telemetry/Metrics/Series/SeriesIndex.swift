import OTLP

/// Series by the hash of their attributes: open addressing with linear probing, at most half full.
struct SeriesIndex: ~Copyable {
  private struct Entry {
    var hash: UInt64
    var series: Unmanaged<MetricSeries>?
    /// The memory of the series.
    var attributes = UnsafeBufferPointer<Attribute>(start: nil, count: 0)
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let mask: Int
  private(set) var count = 0

  /// - Parameter capacity: Series that fit.
  init(capacity: Int) {
    var size = 8
    while size < capacity * 2 { size *= 2 }
    mask = size - 1
    entries = .allocate(capacity: size)
    entries.initialize(repeating: Entry(hash: 0, series: nil), count: size)
  }

  deinit {
    for place in 0...mask { entries[place].series?.release() }
    entries.deallocate()
  }

  /// Series that fit.
  var capacity: Int { (mask + 1) / 2 }

  /// The series with these attributes, whose hash is `hash`.
  @inline(__always)
  func find(
    _ hash: UInt64, _ attributes: UnsafeBufferPointer<Attribute>
  ) -> Unmanaged<MetricSeries>? {
    var place = Int(truncatingIfNeeded: hash) & mask
    while let series = entries[place].series {
      if entries[place].hash == hash,
        AttributeKey.matches(entries[place].attributes, attributes)
      {
        return series
      }
      place = (place &+ 1) & mask
    }
    return nil
  }

  /// The series with the attributes that `filter` keeps, whose hash is `hash`.
  func find(
    _ hash: UInt64, _ attributes: UnsafeBufferPointer<Attribute>, _ filter: AttributeFilter
  ) -> Unmanaged<MetricSeries>? {
    var place = Int(truncatingIfNeeded: hash) & mask
    while let series = entries[place].series {
      if entries[place].hash == hash,
        AttributeKey.matches(entries[place].attributes, attributes, filter)
      {
        return series
      }
      place = (place &+ 1) & mask
    }
    return nil
  }

  func find(_ set: AttributeSet) -> Unmanaged<MetricSeries>? {
    set.attributes.withUnsafeBufferPointer { find(set.hash, $0) }
  }

  /// Adds a series, for which there must be room.
  mutating func insert(_ series: MetricSeries) {
    precondition(count < capacity, "the index is full")
    let hash = series.attributes.hash
    var place = Int(truncatingIfNeeded: hash) & mask
    while entries[place].series != nil { place = (place &+ 1) & mask }
    entries[place] = Entry(
      hash: hash, series: .passRetained(series), attributes: series.key.attributes)
    count += 1
  }
}
