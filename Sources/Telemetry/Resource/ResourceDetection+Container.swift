import OTLP

extension ResourceDetection {
  /// The id of the container that the process runs in: 64 hexadecimal digits in the path of its
  /// control group, or in the paths of files that the container's engine mounts into it.
  func container() -> [Attribute] {
    guard let id = controlGroupID ?? mountedID else { return [] }
    return [Attribute("container.id", .string(id))]
  }

  /// cgroups(7): `hierarchy:controllers:path`, the path's last part or one before it is the id, with
  /// what a cgroup manager puts around it: `docker-<id>.scope`, `…slice:cri-containerd:<id>`.
  private var controlGroupID: String? {
    for line in files.lines("/proc/self/cgroup") {
      for part in line.split(separator: "/").reversed() {
        let name = part.hasSuffix(".scope") ? part.dropLast(6) : part
        if let id = name.split(whereSeparator: { $0 == "-" || $0 == ":" }).last.flatMap(Self.id) {
          return id
        }
      }
    }
    return nil
  }

  /// proc_pid_mountinfo(5): with a control group of its own the process sees no id there, but the
  /// engine mounts `…/containers/<id>/hostname` and its like. A sandbox, which several containers
  /// share, is mounted from elsewhere.
  private var mountedID: String? {
    for line in files.lines("/proc/self/mountinfo") {
      let fields = line.split(separator: " ")
      guard fields.count > 4, fields[4].hasPrefix("/etc/") else { continue }
      let parts = fields[3].split(separator: "/")
      for (folder, name) in zip(parts, parts.dropFirst()) {
        let isContainers = folder == "containers" || folder == "overlay-containers"
        if isContainers, let id = Self.id(name) { return id }
      }
    }
    return nil
  }

  private static func id(_ text: Substring) -> String? {
    let isID = text.utf8.count == 64 && text.utf8.allSatisfy { HexDigits.value($0) != nil }
    return isID ? String(text) : nil
  }
}
