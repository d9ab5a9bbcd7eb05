import Bytes
import TLS

/// The first bytes of a client, read by the server's end: however they are cut, they are refused
/// for the same reason, or more is waited for; and a refusal is final.
enum TLSServerTarget {
  private enum Outcome: Equatable {
    case waiting, complete
    case refused(TLSError)
  }

  private static let context: Result<TLSServerContext, TLSError> = {
    do throws(TLSError) {
      let identities = ["localhost", "*.wild.test"].map(TestIdentity.make)
      let options = TLSProtocolOptions(applicationProtocols: ["http/1.1"])
      return .success(
        try TLSServerContext(TLSServerConfiguration(identities: identities, options: options)))
    } catch {
      return .failure(error)
    }
  }()

  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    var generator = SeededGenerator(hashing: bytes)
    let whole = try outcome([bytes[...]])
    for pieces in Cut.some(bytes, &generator) {
      try requireEqual(try outcome(pieces), whole, "cut \(pieces.map(\.count))")
    }
    // A client cannot prove that it has the keys of this very handshake.
    try require(whole != .complete, "a handshake with nobody")
  }

  private static func outcome(
    _ pieces: [ArraySlice<UInt8>]
  ) throws(BrokenInvariant) -> Outcome {
    let (first, last): (Outcome, Outcome)
    do throws(TLSError) {
      var engine = try TLSEngine(server: try context.get())
      first = run(&engine, pieces)
      engine.endInbound()
      last = run(&engine, [[]])
    } catch {
      throw BrokenInvariant("no server: \(error)")
    }
    switch first {
    case .waiting: try requireEqual(last, .refused(.truncated), "at the end")
    case .refused, .complete: try requireEqual(last, first, "afterwards")
    }
    return first
  }

  private static func run(
    _ engine: inout TLSEngine, _ pieces: [ArraySlice<UInt8>]
  ) -> Outcome {
    do throws(TLSError) {
      for piece in pieces {
        engine.inbound.append(piece)
        if try engine.handshake() { return .complete }
      }
    } catch {
      return .refused(error)
    }
    return .waiting
  }
}
