import Foundation
import Sockets
import Testing

@testable import Telemetry

@Suite("Spool: processes")
struct SpoolDirectoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func directory(_ number: UInt64, service: String = "shop") throws -> SpoolDirectory {
    try SpoolDirectory(
      folder.path, serviceName: service, unixNanoseconds: number, processID: Int32(number))
  }

  private func adopt(by directory: inout SpoolDirectory) -> [String] { directory.adopt() }

  private func names(_ service: String = "shop") -> [String] {
    SpoolFile.names(in: folder.path + "/" + service)
  }

  @Test("a folder of a process that lives is left alone; one that is left is taken over, once")
  func adoption() throws {
    var found: [String]
    var first = try directory(1)
    try SpoolFile.makeFolder(first.folder(.logs))
    try Data("x".utf8).write(to: URL(fileURLWithPath: first.folder(.logs) + "/1.spool"))
    var second = try directory(2)
    found = adopt(by: &second)
    #expect(found == [])
    let path = first.own
    first.close()
    found = adopt(by: &second)
    #expect(found == [path])
    found = adopt(by: &second)
    #expect(found == [])
    var third = try directory(3)
    found = adopt(by: &third)
    #expect(found == [], "it is the second one's now")
    second.close()
    // The second one's own folder was empty, and went with it.
    found = adopt(by: &third)
    #expect(found == [path])
    third.close()
    #expect(names() == ["00000000000000000001-1"])
  }

  @Test("what is empty is removed: one's own folder at the end, and what was taken over")
  func removal() throws {
    var found: [String]
    var first = try directory(1)
    let file = first.folder(.traces) + "/1.spool"
    try SpoolFile.makeFolder(first.folder(.traces))
    try Data().write(to: URL(fileURLWithPath: file))
    first.close()
    var second = try directory(2)
    found = adopt(by: &second)
    #expect(found.count == 1)
    second.removeEmptyOrphans()
    #expect(names().count == 2)
    unlink(file)
    second.removeEmptyOrphans()
    #expect(names() == ["00000000000000000002-2"])
    second.close()
    #expect(names() == [])
  }

  @Test("services do not take over from each other")
  func services() throws {
    var found: [String]
    var first = try directory(1, service: "a")
    try SpoolFile.makeFolder(first.folder(.traces))
    try Data().write(to: URL(fileURLWithPath: first.folder(.traces) + "/1.spool"))
    first.close()
    var second = try directory(2, service: "b")
    found = adopt(by: &second)
    #expect(found == [])
    second.close()
    #expect(names("a").count == 1 && names("b") == [])
  }

  @Test("folders are taken over from the oldest")
  func order() throws {
    for number: UInt64 in [30, 4, 200] {
      var dead = try directory(number)
      try SpoolFile.makeFolder(dead.folder(.traces))
      try Data().write(to: URL(fileURLWithPath: dead.folder(.traces) + "/1.spool"))
      dead.close()
    }
    var directory = try directory(1_000)
    let numbers = adopt(by: &directory).map { $0.split(separator: "-").last }
    #expect(numbers == ["4", "30", "200"])
    directory.close()
  }

  @Test("a service's name becomes one that a folder can have", arguments: [
    ("shop", "shop"), ("a/b", "a_b"), ("..", "__"), ("", "_"), ("é", "__"),
    (String(repeating: "x", count: 101), String(repeating: "x", count: 100)),
  ])
  func fileName(name: String, expected: String) {
    #expect(SpoolDirectory.fileName(name) == expected)
  }

  @Test("a directory that cannot be made is a clear error")
  func impossible() throws {
    try folder.write("x", to: "file")
    do throws(SystemError) {
      var directory = try SpoolDirectory(
        folder.path + "/file", serviceName: "shop", unixNanoseconds: 1)
      directory.close()
      Issue.record("made below a file")
    } catch {
      #expect(error.description.contains("mkdir \(folder.path)/file/shop"))
    }
  }
}
