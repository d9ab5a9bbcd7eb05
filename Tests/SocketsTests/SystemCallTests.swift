import Glibc
@testable import Sockets
import Testing

@Suite struct SystemCallTests {
  /// A call that fails so often with one reason and then succeeds.
  private final class Call {
    private(set) var count = 0
    private let failures: Int
    private let code: Int32

    init(failures: Int, code: Int32) {
      self.failures = failures
      self.code = code
    }

    func callAsFunction() -> Int {
      count += 1
      guard count <= failures else { return 7 }
      errno = code
      return -1
    }
  }

  @Test(arguments: [0, 1, 3])
  func anInterruptedCallIsRepeated(_ times: Int) throws {
    let run = Call(failures: times, code: EINTR)
    #expect(try SystemCall.run("read") { run() } == 7 && run.count == times + 1)
    let attempt = Call(failures: times, code: EINTR)
    #expect(try SystemCall.attempt("read") { attempt() } == 7 && attempt.count == times + 1)
  }

  @Test func whatWouldWaitIsAValue() throws {
    let call = Call(failures: 1, code: EAGAIN)
    #expect(try SystemCall.attempt("recv") { call() } == nil && call.count == 1)
    #expect(throws: SystemError(call: "recv", code: EAGAIN)) {
      try SystemCall.run("recv") { Call(failures: 1, code: EAGAIN)() }
    }
  }

  @Test(arguments: [ECONNRESET, EPIPE, EMFILE, EINVAL, EACCES])
  func everyOtherFailureIsNamed(_ code: Int32) {
    #expect(throws: SystemError(call: "accept4", code: code)) {
      try SystemCall.run("accept4") { Call(failures: 1, code: code)() }
    }
    #expect(throws: SystemError(call: "accept4", code: code)) {
      try SystemCall.attempt("accept4") { Call(failures: 1, code: code)() }
    }
  }

  @Test func whatOnlyADefectOfOursMakesStops() async {
    await #expect(processExitsWith: .failure) {
      _ = try? SystemCall.run("close") { close(-1) }
    }
    await #expect(processExitsWith: .failure) {
      _ = try? SystemCall.attempt("recv") { recv(12_345_678, nil, 0, 0) }
    }
    await #expect(processExitsWith: .failure) {
      _ = try? SystemCall.run("x") { () -> Int in
        errno = EFAULT
        return -1
      }
    }
  }

  @Test func errorsAreDescribed() {
    let inUse = SystemError(call: "bind", code: EADDRINUSE)
    #expect(inUse.description == "bind: Address already in use")
    #expect(inUse.isAddressInUse && !inUse.isDisconnect && !inUse.isResourceShortage)
    #expect(SystemError(call: "x", code: 99_999).description.contains("99999"))
    for code in [EMFILE, ENFILE, ENOBUFS, ENOMEM] {
      let error = SystemError(call: "accept4", code: code)
      #expect(error.isResourceShortage && !error.isAddressInUse && !error.isDisconnect)
    }
    for code in [ECONNRESET, EPIPE, ENOTCONN] {
      let error = SystemError(call: "recv", code: code)
      #expect(error.isDisconnect && !error.isResourceShortage)
    }
    let texts = [
      StreamError.timedOut, .cancelled, .closed, .system(inUse), .security(inUse),
    ].map(\.description)
    #expect(texts == ["timed out", "cancelled", "closed", inUse.description, inUse.description])
  }
}
