import Bytes
import Dispatch
import Foundation
import Sockets
import Testing

@testable import Telemetry

@Suite("Standard output", .timeLimit(.minutes(1)))
struct StandardOutputTests {
  private let pipe: OutputPipe
  private let loop: EventLoop

  init() throws {
    pipe = try OutputPipe()
    loop = try EventLoop(name: "test")
  }

  private func append(_ text: String, to output: StandardOutput) {
    var line = ByteQueue()
    line.append(text)
    output.append(line)
  }

  private func drain(_ output: StandardOutput, within time: Duration = .seconds(30)) async -> Bool {
    await output.drain(until: .now() + time, on: loop)
  }

  @Test("lines come in order, each whole")
  func order() async throws {
    let output = try StandardOutput(descriptor: pipe.writeEnd)
    for number in 0..<100 { append("line \(number)\n", to: output) }
    #expect(await drain(output))
    #expect(pipe.written() == (0..<100).map { "line \($0)\n" }.joined())
    append("more\n", to: output)
    #expect(await drain(output))
    #expect(pipe.written() == "more\n" && output.droppedCount == 0)
  }

  @Test("lines of several threads do not mix")
  func threads() async throws {
    let output = try StandardOutput(descriptor: pipe.writeEnd)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      let text = String(repeating: "\(thread)", count: 60) + "\n"
      for _ in 0..<200 { append(text, to: output) }
    }
    #expect(await drain(output))
    let lines = pipe.written().split(separator: "\n")
    #expect(lines.count == 800)
    #expect(lines.allSatisfy { $0.count == 60 && Set($0).count == 1 })
  }

  @Test("a reader that does not read: what fits waits, the rest is counted, nobody waits")
  func full() async throws {
    pipe.fill()
    let output = try StandardOutput(descriptor: pipe.writeEnd, bufferBytesMax: 100)
    append("x\n", to: output)
    // The writer takes the first line and hangs in the pipe.
    while await drain(output, within: .milliseconds(1)) {}
    for _ in 0..<20 { append("123456789\n", to: output) }
    #expect(output.droppedCount >= 9 && output.droppedCount <= 11)
    let dropped = output.droppedCount
    #expect(await drain(output, within: .milliseconds(20)) == false)
    var text = pipe.written()
    #expect(await drain(output))
    text += pipe.written()
    #expect(text.split(separator: "\n").count { $0 == "123456789" } == 20 - dropped)
  }

  @Test("a line of the buffer's size fits; one byte more never does")
  func largestLine() async throws {
    let output = try StandardOutput(descriptor: pipe.writeEnd, bufferBytesMax: 100)
    append(String(repeating: "a", count: 99) + "\n", to: output)
    #expect(await drain(output))
    append(String(repeating: "b", count: 100) + "\n", to: output)
    #expect(await drain(output))
    #expect(pipe.written() == String(repeating: "a", count: 99) + "\n")
    #expect(output.droppedCount == 1)
  }

  @Test("a reader that has gone: lines are counted, the program lives, nobody waits")
  func broken() async throws {
    var ends: [Int32] = [-1, -1]
    #expect(Foundation.pipe(&ends) == 0)
    let output = try StandardOutput(descriptor: ends[1])
    close(ends[0])
    append("a\nb\n", to: output)
    #expect(await drain(output))
    #expect(output.droppedCount == 2)
    append("c\n", to: output)
    #expect(await drain(output))
    #expect(output.droppedCount == 3)
    output.close()
    close(ends[1])
  }

  @Test("after the end, a line is written at once when there is room, and counted when there is none")
  func closed() async throws {
    let output = try StandardOutput(descriptor: pipe.writeEnd)
    append("before\n", to: output)
    #expect(await drain(output))
    output.close()
    append("after\n", to: output)
    #expect(pipe.written() == "before\nafter\n" && output.droppedCount == 0)
    pipe.fill()
    append("lost\n", to: output)
    #expect(output.droppedCount == 1)
    #expect(await drain(output))
    output.close()
  }

  @Test("a file takes what it is given, also where writing fails once")
  func file() async throws {
    let full = open("/dev/full", O_WRONLY)
    let output = try StandardOutput(descriptor: full)
    append("lost\n", to: output)
    #expect(await drain(output))
    #expect(output.droppedCount == 1)
    append("lost too\n", to: output)
    #expect(await drain(output))
    #expect(output.droppedCount == 2)
    output.close()
    close(full)
  }
}
