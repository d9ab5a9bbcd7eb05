import Bytes
import Gzip
import Testing

@Suite struct GzipDecoderTests {
  /// A member by Python with every optional header field: extra, name, comment, header CRC.
  static let decoratedScript = """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(data) + deflate.flush()
    head = b'\\x1f\\x8b\\x08\\x1e' + struct.pack('<I', 1234567890) + b'\\x02\\x03'
    head += struct.pack('<H', 5) + b'extra' + b'name\\0' + b'comment\\0'
    head += struct.pack('<H', zlib.crc32(head) & 0xffff)
    result = head + body + struct.pack('<II', zlib.crc32(data), len(data))
    """

  @Test(arguments: Samples.all.indices)
  func readsWhatPythonWrites(sample: Int) throws {
    let bytes = Samples.all[sample].bytes
    let limits = GzipLimits(ratioMax: 2_000)
    for script in ["result = gzip.compress(data)", Self.decoratedScript] {
      let compressed = try Python.run(script, bytes)
      #expect(try Samples.gunzip(compressed, limits: limits) == bytes)
    }
  }

  @Test(arguments: [1, 2, 3, 7, 1_000])
  func everySplitOfTheInputGivesTheSameOutput(atMost byteCount: Int) throws {
    let text = Array("one member, then an empty one, then a third. ".utf8)
    let decorated = try Python.run(Self.decoratedScript, text)
    let stream = Samples.gzip(text) + Samples.gzip([]) + decorated
    let expected = text + text
    for split in 0...stream.count {
      let parts = [stream[..<split], stream[split...]]
      #expect(try Samples.gunzip(parts: parts, atMost: byteCount) == expected)
    }
    let bytewise = stream.indices.map { stream[$0...$0] }
    #expect(try Samples.gunzip(parts: bytewise, atMost: byteCount) == expected)
  }

  @Test(arguments: [0, 1, 6, 9])
  func samplesComeBackThroughEveryLevelAndStep(level: Int) throws {
    for sample in Samples.all {
      let compressed = Samples.gzip(sample.bytes, level: level)
      for byteCount in [100, 65_536, .max] {
        let limits = GzipLimits(ratioMax: 2_000)
        let parts = stride(from: 0, to: compressed.count, by: 4_096).map {
          compressed[$0..<min($0 + 4_096, compressed.count)]
        }
        let output = try Samples.gunzip(parts: parts, atMost: byteCount, limits: limits)
        #expect(output == sample.bytes, "\(sample.name)")
      }
    }
  }

  @Test func everyPrefixIsTruncated() {
    let stream = Samples.gzip(Array("first".utf8)) + Samples.gzip(Array("second".utf8))
    let first = Samples.gzip(Array("first".utf8)).count
    for count in 0..<stream.count where count != first {
      #expect(throws: GzipError.truncated) { try Samples.gunzip(Array(stream[..<count])) }
    }
    #expect(throws: Never.self) { try Samples.gunzip(Array(stream[..<first])) }
  }

  static let refusals: [(bytes: [UInt8], error: GzipError)] = [
    (Array("hello".utf8), .notGzip),
    ([0x1F], .truncated),
    ([0x1F, 0x1F], .notGzip),
    ([0x78, 0x9C, 3, 0, 0, 0, 0, 1], .notGzip),
    (Samples.gzip([1]) + [0], .trailingGarbage),
    (Samples.gzip([1]) + [0x1F], .truncated),
    (Samples.gzip([1]) + [0x1F, 0x8C], .trailingGarbage),
    (Samples.gzip([1]) + Array("\r\n".utf8), .trailingGarbage),
    ([0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 3], .corrupt(reason: "unknown compression method")),
    ([0x1F, 0x8B, 8, 0x20, 0, 0, 0, 0, 0, 3], .corrupt(reason: "unknown header flags set")),
    ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 7], .corrupt(reason: "invalid block type")),
  ]

  @Test(arguments: refusals.indices)
  func refuses(row: Int) {
    let (bytes, error) = Self.refusals[row]
    #expect(throws: error) { try Samples.gunzip(bytes) }
    #expect(throws: error) {
      try Samples.gunzip(parts: bytes.indices.map { bytes[$0...$0] }, atMost: 1)
    }
  }

  @Test func namesWhichCheckFailed() {
    let good = Samples.gzip(Samples.json)
    for offset in 1...8 {
      var bad = good
      bad[bad.count - offset] ^= 0x10
      #expect(throws: offset <= 4 ? GzipError.badLength : .badChecksum) {
        try Samples.gunzip(bad)
      }
    }
  }

  @Test func aFailureStaysAndLeavesNoOutput() throws {
    var bad = Samples.gzip(Samples.json)
    bad[bad.count - 5] ^= 1
    var decoder = GzipDecoder()
    var output = ByteQueue()
    output.append(7)
    #expect(throws: GzipError.badChecksum) {
      try decoder.decode(bad, into: &output, atMost: .max)
    }
    #expect(output.array() == [7])
    #expect(throws: GzipError.badChecksum) {
      try decoder.decode([], into: &output, atMost: 1)
    }
    #expect(throws: GzipError.badChecksum) { try decoder.finish() }
  }

  @Test(arguments: [0, 6])
  func noCorruptionOfAByteGivesWrongDataSilently(level: Int) {
    let text = Array("corruption must not pass: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, aaaaaaaaa".utf8)
    let good = Samples.gzip(text, level: level)
    var refused = 0
    for index in good.indices {
      for value in UInt8.min...UInt8.max where value != good[index] {
        var bad = good
        bad[index] = value
        do throws(GzipError) {
          // Some bits mean nothing: the time, the system, padding in front of a byte boundary.
          #expect(try Samples.gunzip(bad) == text)
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > (good.count - 8) * 255)
  }
}
