import Bytes
import Foundation

/// The bodies of the inventory service's answers, written and read in one place.
package enum InventoryMessages {
  /// A body that is not what the contract says.
  package struct MalformedBody: Error, CustomStringConvertible {
    package let description: String
  }

  private struct StockAnswer: Codable {
    let product: Product
  }

  private struct Problem: Codable {
    let detail: String
  }

  package static func productList(_ products: [Product]) -> [UInt8] {
    var queue = ByteQueue(capacity: 16 + products.count * 48)
    queue.append(UInt8(ascii: "["))
    for (index, product) in products.enumerated() {
      if index > 0 { queue.append(UInt8(ascii: ",")) }
      product.append(to: &queue)
    }
    queue.append(UInt8(ascii: "]"))
    return queue.array()
  }

  /// `{"message":…,"product":{…}}`, the answer to a change of stock.
  package static func stockChanged(_ message: StaticString, _ product: Product) -> [UInt8] {
    var queue = ByteQueue(capacity: 128)
    queue.append("{\"message\":\"" as StaticString)
    queue.append(message)
    queue.append("\",\"product\":" as StaticString)
    product.append(to: &queue)
    queue.append(UInt8(ascii: "}"))
    return queue.array()
  }

  /// - Throws: `MalformedBody`.
  package static func readProductList(_ body: [UInt8]) throws(MalformedBody) -> [Product] {
    try read([Product].self, body)
  }

  /// - Throws: `MalformedBody`.
  package static func readStockChanged(_ body: [UInt8]) throws(MalformedBody) -> Product {
    try read(StockAnswer.self, body).product
  }

  /// The `detail` of an error body; nil when it has none.
  package static func readProblem(_ body: [UInt8]) -> String? {
    try? read(Problem.self, body).detail
  }

  private static func read<Value: Decodable>(
    _ type: Value.Type, _ body: [UInt8]
  ) throws(MalformedBody) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch {
      throw MalformedBody(description: "\(error)")
    }
  }
}
