import Foundation
import OTLP
import Testing

@testable import Telemetry

@Suite("Resource detection")
struct ResourceDetectionTests {
  private static let id = String(repeating: "0123456789abcdef", count: 4)

  /// What a detector finds on a machine with these files.
  private func found(
    _ detector: TelemetryConfiguration.ResourceDetector, _ files: [String: String] = [:]
  ) throws -> [String: AttributeValue] {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    let detection = ResourceDetection(files: SystemFiles(root: folder.path))
    let attributes = detection.attributes(of: detector)
    return Dictionary(uniqueKeysWithValues: attributes.map { ($0.key, $0.value) })
  }

  @Test("this process: number, executable, start, owner, runtime")
  func process() throws {
    let attributes = Dictionary(
      uniqueKeysWithValues: ResourceDetection().attributes(of: .process).map { ($0.key, $0.value) })
    #expect(attributes["process.pid"] == .int(Int64(getpid())))
    let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    #expect(attributes["process.executable.path"] == .string(path))
    #expect(
      attributes["process.executable.name"]
        == .string(URL(fileURLWithPath: path).lastPathComponent))
    #expect(attributes["process.owner"] == .string(NSUserName()))
    #expect(attributes["process.runtime.name"] == "swift")
    guard case .string(let version) = attributes["process.runtime.version"],
      case .string(let description) = attributes["process.runtime.description"]
    else { return #expect(Bool(false), "no runtime") }
    #expect(version.wholeMatch(of: /6\.\d+\.\d+/) != nil)
    #expect(description.wholeMatch(of: /Swift 6[\d.]+, glibc \d+\.\d+/) != nil)
  }

  @Test("the start of a process is when the kernel started it")
  func creationTime() throws {
    let attributes = ResourceDetection().attributes(of: .process)
    let value = attributes.first { $0.key == "process.creation.time" }?.value
    guard case .string(let text) = value else { return #expect(Bool(false), "no start") }
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    // The formatter reads milliseconds.
    let start = try #require(formatter.date(from: String(text.dropLast(4) + "Z")))
    // The kernel gives the directory of a process the time when it was first looked at, never one
    // before the process was.
    let folder = try FileManager.default.attributesOfItem(atPath: "/proc/\(getpid())")
    let seen = try #require(folder[.modificationDate] as? Date)
    #expect(start.timeIntervalSince(seen) < 1)
    #expect(start.timeIntervalSinceNow > -3_600)
  }

  @Test(
    "a start that cannot be read is left out",
    arguments: [
      "", "1 (a) S", "1 (a b) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 x",
      "1 a S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1",
      "1 (a) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 99999999999999",
      "1 (a) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 18446744073709551615",
    ])
  func noCreationTime(stat: String) throws {
    let attributes = try found(.process, ["proc/self/stat": stat])
    #expect(attributes["process.creation.time"] == nil)
    #expect(attributes["process.executable.name"] == nil)
    #expect(attributes["process.pid"] != nil)
  }

  @Test("the twenty-second field counts, whatever the program is called")
  func creationTimeField() throws {
    let stat = "1 (a) b) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 99999999999999"
    #expect(try found(.process, ["proc/self/stat": stat])["process.creation.time"] != nil)
  }

  @Test("an executable that was replaced keeps its name")
  func replacedExecutable() throws {
    let folder = try TemporaryFolder()
    try folder.link("proc/self/exe", to: "/opt/my tool (deleted)")
    let detection = ResourceDetection(files: SystemFiles(root: folder.path))
    let path = detection.attributes(of: .process).first { $0.key == "process.executable.path" }
    #expect(path?.value == "/opt/my tool")
    #expect(detection.fallbackServiceName == "unknown_service:my tool")
  }

  @Test("the command line, on request")
  func arguments() throws {
    let attributes = try found(.processArguments, ["proc/self/cmdline": "./tool\0-v\0\0a b\0"])
    #expect(
      attributes == [
        "process.command": "./tool", "process.command_args": ["./tool", "-v", "", "a b"],
      ])
    #expect(try found(.processArguments).isEmpty)
  }

  @Test("this host")
  func thisHost() throws {
    let attributes = ResourceDetection().attributes(of: .host)
    let value = { (key: String) in attributes.first { $0.key == key }?.value }
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    #expect(value("host.name") == .string(String(decoding: bytes, as: UTF8.self)))
    #expect(["amd64", "arm64"].contains(value("host.arch")))
  }

  @Test(
    "architectures by the conventions' names",
    arguments: [
      ("x86_64", "amd64"), ("aarch64", "arm64"), ("aarch64_be", "arm64"), ("i386", "x86"),
      ("i686", "x86"), ("armv7l", "arm32"), ("armv6l", "arm32"), ("ppc", "ppc32"),
      ("ppc64le", "ppc64"), ("s390x", "s390x"), ("riscv64", "riscv64"),
    ])
  func architectures(machine: String, name: String) {
    #expect(ResourceDetection.architecture(machine) == name)
  }

  @Test("the machine's id: from either file, not in a container")
  func machineID() throws {
    let own = ["etc/machine-id": "abc\n"]
    #expect(try found(.host, own)["host.id"] == "abc")
    let dbus = ["etc/machine-id": "\n", "var/lib/dbus/machine-id": " def \n"]
    #expect(try found(.host, dbus)["host.id"] == "def")
    #expect(try found(.host)["host.id"] == nil)
    let container = own.merging(["proc/self/cgroup": "0::/docker/\(Self.id)"]) { $1 }
    #expect(try found(.host, container)["host.id"] == nil)
  }

  @Test("the operating system, by os-release(5)")
  func operatingSystem() throws {
    let release = """
      # a comment
      NAME="Some \\"Linux\\""
      VERSION_ID='1\\2'
        PRETTY_NAME=Plain
      EMPTY=
      broken
      """
    let attributes = try found(.os, ["etc/os-release": release])
    #expect(attributes["os.type"] == "linux")
    #expect(attributes["os.name"] == "Some \"Linux\"")
    #expect(attributes["os.version"] == "1\\2")
    guard case .string(let description) = attributes["os.description"] else {
      return #expect(Bool(false), "no description")
    }
    #expect(description.wholeMatch(of: /Plain, Linux \d+\.\d+\S*/) != nil)
    let vendor = try found(.os, ["usr/lib/os-release": "NAME=Vendor\nVERSION_ID=\"\"\n"])
    #expect(vendor["os.name"] == "Vendor" && vendor["os.version"] == nil)
    #expect(try found(.os).keys.sorted() == ["os.description", "os.type"])
  }

  @Test(
    "a container's id in its control group",
    arguments: [
      ("0::/docker/\(id)", true), ("0::/system.slice/docker-\(id).scope", true),
      ("12:pids:/\n0::/kubepods/burstable/pod1-2-3/\(id)\n", true),
      ("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-\(id).scope", true),
      ("0::/machine.slice/libpod-\(id).scope/container", true),
      ("1:cpu:/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:\(id)", true),
      ("0::/", false), ("0::/docker/\(id.dropLast())", false), ("0::/docker/\(id)0", false),
      ("0::/docker/g\(id.dropFirst())", false), ("0::/user.slice/session-1.scope", false),
    ])
  func controlGroup(text: String, isFound: Bool) throws {
    let expected: [String: AttributeValue] = isFound ? ["container.id": .string(Self.id)] : [:]
    #expect(try found(.container, ["proc/self/cgroup": text]) == expected)
  }

  @Test(
    "a container's id in what its engine mounts",
    arguments: [
      ("/var/lib/docker/containers/\(id)/hostname /etc/hostname", true),
      ("/containers/storage/overlay-containers/\(id)/userdata/hosts /etc/hosts", true),
      ("/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/\(id)/hostname /etc/hostname", false),
      ("/var/lib/docker/containers/\(id)/data /data", false),
      ("/var/lib/docker/containers/x/hostname /etc/hostname", false),
      ("/ /", false), ("", false),
    ])
  func mounts(paths: String, isFound: Bool) throws {
    let text = "1 2 0:3 / / rw - overlay overlay rw\n678 655 254:1 \(paths) rw - ext4 /dev/vda1 rw\n"
    let expected: [String: AttributeValue] = isFound ? ["container.id": .string(Self.id)] : [:]
    let files = ["proc/self/mountinfo": text, "proc/self/cgroup": "0::/\n"]
    #expect(try found(.container, files) == expected)
  }

  @Test("an instance's id is a UUID of version 4, and another one each time")
  func instance() throws {
    let ids = try (0..<2).map { _ in try found(.service) }
    guard case .string(let text) = ids[0]["service.instance.id"] else {
      return #expect(Bool(false), "no id")
    }
    #expect(UUID(uuidString: text)?.uuidString.lowercased() == text)
    #expect(ids[0] != ids[1] && ids[0].count == 1)
    #expect(UniqueID.version4(0, 0) == "00000000-0000-4000-8000-000000000000")
    #expect(UniqueID.version4(.max, .max) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    #expect(
      UniqueID.version4(0x0123_4567_89ab_cdef, 0x0123_4567_89ab_cdef)
        == "01234567-89ab-4def-8123-456789abcdef")
  }

  @Test("a file is read to its end, and no further than a mebibyte")
  func fileSize() throws {
    let folder = try TemporaryFolder()
    try folder.write(String(repeating: "x", count: 10_000), to: "small")
    try folder.write(String(repeating: "x", count: (1 << 20) + 10_000), to: "large")
    let files = SystemFiles(root: folder.path)
    #expect(files.bytes("/small")?.count == 10_000)
    #expect(try #require(files.bytes("/large")).count < (1 << 20) + 8_192)
    #expect(files.bytes("/none") == nil && files.bytes("/") == nil)
    #expect(files.target(of: "/small") == nil)
  }
}
