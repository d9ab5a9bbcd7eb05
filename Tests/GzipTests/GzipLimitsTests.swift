import Bytes
import Glibc
import Gzip
import Testing

@Suite struct GzipLimitsTests {
  @Test(arguments: [1, 999, 5_000])
  func outputIsAcceptedUpToItsLimit(atMost byteCount: Int) throws {
    let bytes = Samples.noise(byteCount: 5_000)
    let parts = [Samples.gzip(bytes)[...]]
    let fits = GzipLimits(outputBytesMax: 5_000)
    #expect(try Samples.gunzip(parts: parts, atMost: byteCount, limits: fits) == bytes)
    let small = GzipLimits(outputBytesMax: 4_999)
    #expect(throws: GzipError.tooLarge(.outputBytes)) {
      try Samples.gunzip(parts: parts, atMost: byteCount, limits: small)
    }
  }

  @Test func theOutputLimitCountsAllMembers() throws {
    let stream = Samples.gzip([1, 2, 3]) + Samples.gzip([4, 5])
    #expect(try Samples.gunzip(stream, limits: GzipLimits(outputBytesMax: 5)).count == 5)
    #expect(throws: GzipError.tooLarge(.outputBytes)) {
      try Samples.gunzip(stream, limits: GzipLimits(outputBytesMax: 4))
    }
  }

  @Test func nothingIsAllowedByZero() throws {
    let limits = GzipLimits(outputBytesMax: 0)
    #expect(try Samples.gunzip(Samples.gzip([]), limits: limits) == [])
    #expect(throws: GzipError.tooLarge(.outputBytes)) {
      try Samples.gunzip(Samples.gzip([1]), limits: limits)
    }
  }

  @Test func ratioIsJudgedBeyondTheExemptBytes() throws {
    let zeros = [UInt8](repeating: 0, count: 100_000)
    let stream = Samples.gzip(zeros)
    #expect(throws: GzipError.tooLarge(.ratio)) {
      try Samples.gunzip(stream, limits: GzipLimits(ratioMax: 100, ratioExemptBytes: 99_999))
    }
    let exempt = GzipLimits(ratioMax: 100, ratioExemptBytes: 100_000)
    #expect(try Samples.gunzip(stream, limits: exempt) == zeros)
    let generous = GzipLimits(ratioMax: 1_032, ratioExemptBytes: 0)
    #expect(try Samples.gunzip(stream, limits: generous) == zeros)
  }

  @Test func ordinaryDataPassesTheDefaults() throws {
    let log = Array(repeating: Samples.json, count: 40).flatMap(\.self)
    #expect(try Samples.gunzip(Samples.gzip(log, level: 9)) == log)
  }

  @Test func aBombIsRefusedWithinOneStep() {
    let bomb = Samples.gzip([UInt8](repeating: 0, count: 20_000_000), level: 9)
    var decoder = GzipDecoder()
    var input = ByteQueue()
    var output = ByteQueue()
    input.append(bomb)
    var produced = 0
    #expect(throws: GzipError.tooLarge(.ratio)) {
      while true {
        output.removeAll()
        produced += try decoder.decode(from: &input, into: &output, atMost: 10_000).produced
      }
    }
    #expect(produced <= GzipLimits().ratioExemptBytes)
    #expect(output.capacity < 64 << 10)
  }

  @Test func aHundredMegabytesOfZerosPassInBoundedMemory() throws {
    let chunk = [UInt8](repeating: 0, count: 1 << 20)
    var encoder = GzipEncoder(level: 1)
    var decoder = GzipDecoder(limits: GzipLimits(outputBytesMax: 100 << 20, ratioMax: 1_032))
    var wire = ByteQueue()
    var output = ByteQueue()
    var wrong = 0
    func drain() throws(GzipError) {
      var isOutputFull = true
      while isOutputFull {
        output.removeAll()
        let step = try decoder.decode(from: &wire, into: &output, atMost: 16_384)
        isOutputFull = step.isOutputFull
        output.withUnsafeBytes { bytes in
          if let base = bytes.baseAddress, memcmp(base, chunk, bytes.count) != 0 { wrong += 1 }
        }
      }
    }
    for _ in 0..<100 {
      encoder.encode(chunk, into: &wire)
      try drain()
    }
    encoder.finish(into: &wire)
    try drain()
    try decoder.finish()
    #expect(decoder.outputBytes == 100 << 20 && wrong == 0)
    #expect(wire.capacity <= 32 << 10 && output.capacity <= 32 << 10)
  }

  @Test func oneStepTakesNoMoreMemoryThanItsBound() throws {
    let stream = Samples.gzip([UInt8](repeating: 0, count: 5_000_000))
    var decoder = GzipDecoder()
    var output = ByteQueue(capacity: 1_000)
    let progress = try decoder.decode(stream, into: &output, atMost: 1_000)
    #expect(progress.isOutputFull && progress.produced == 1_000)
    #expect(output.capacity == 1_000)
  }

  @Test func aGenerousBoundCostsNoMemoryUntilItIsNeeded() throws {
    var output = ByteQueue()
    var decoder = GzipDecoder()
    _ = try decoder.decode(Samples.gzip([1, 2, 3]), into: &output, atMost: 1 << 30)
    try decoder.finish()
    #expect(output.capacity <= 4_096)
  }
}
