import Bytes
import Gzip
import Testing

@Suite struct GzipEncoderTests {
  @Test(arguments: Samples.all.indices, [0, 1, 6, 9])
  func pythonReadsWhatWeWrite(sample: Int, level: Int) throws {
    let bytes = Samples.all[sample].bytes
    let compressed = Samples.gzip(bytes, level: level)
    #expect(try Python.run("result = gzip.decompress(data)", compressed) == bytes)
  }

  @Test func levelsDiffer() {
    let sizes = [0, 1, 9].map { Samples.gzip(Samples.json, level: $0).count }
    #expect(sizes[0] > Samples.json.count)
    #expect(sizes[1] < sizes[0] / 4)
    #expect(sizes[2] != sizes[1])
  }

  @Test func headerHasNoTimeAndNoName() {
    let header = Samples.gzip(Samples.json).prefix(8)
    #expect(Array(header) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
  }

  @Test func everySplitOfTheInputGivesTheSameBytes() {
    let bytes = Array("a small message, a small message, a small message".utf8)
    let whole = Samples.gzip(bytes)
    for split in 0...bytes.count {
      var encoder = GzipEncoder()
      var output = ByteQueue(capacity: 16)
      encoder.encode(bytes[..<split], into: &output)
      encoder.encode(bytes[split...], into: &output)
      encoder.finish(into: &output)
      #expect(output.array() == whole)
    }
  }

  @Test func flushedBytesCanBeDecodedAtOnce() throws {
    var encoder = GzipEncoder()
    var decoder = GzipDecoder()
    var wire = ByteQueue()
    var decoded = ByteQueue()
    for round in 0..<50 {
      let event = Array("data: event number \(round)\n\n".utf8)
      encoder.encode(event, into: &wire)
      encoder.flush(into: &wire)
      decoded.removeAll()
      let progress = try decoder.decode(from: &wire, into: &decoded, atMost: 1_000)
      #expect(decoded.array() == event)
      #expect(!progress.isOutputFull && wire.isEmpty)
    }
    #expect(throws: GzipError.truncated) { try decoder.finish() }
    encoder.finish(into: &wire)
    _ = try decoder.decode(from: &wire, into: &decoded, atMost: 1_000)
    try decoder.finish()
  }

  @Test func repeatedFlushAddsNothing() {
    var encoder = GzipEncoder()
    var output = ByteQueue()
    encoder.encode(Samples.json, into: &output)
    encoder.flush(into: &output)
    let count = output.count
    encoder.flush(into: &output)
    #expect(output.count == count)
  }

  @Test func resetForgetsEverything() {
    var encoder = GzipEncoder(level: 9)
    var output = ByteQueue()
    encoder.encode(Samples.noise(byteCount: 5_000), into: &output)
    for _ in 0..<3 {
      encoder.reset()
      output.removeAll()
      encoder.encode(Samples.json, into: &output)
      encoder.finish(into: &output)
      #expect(output.array() == Samples.gzip(Samples.json, level: 9))
    }
  }
}
