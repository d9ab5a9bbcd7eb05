package import Bytes

/// A product as both services speak of it.
package struct Product: Codable, Hashable, Sendable {
  package let id: Int64
  package let name: String
  package let stock: Int64

  package init(id: Int64, name: String, stock: Int64) {
    self.id = id
    self.name = name
    self.stock = stock
  }

  /// Appends `{"id":…,"name":…,"stock":…}`.
  package func append(to queue: inout ByteQueue) {
    queue.append("{\"id\":" as StaticString)
    queue.append(decimal: id)
    queue.append(",\"name\":" as StaticString)
    queue.append(json: name)
    queue.append(",\"stock\":" as StaticString)
    queue.append(decimal: stock)
    queue.append(UInt8(ascii: "}"))
  }
}
