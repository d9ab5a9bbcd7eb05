import InventoryAPI

/// The inventory's answers: what is read can be written and read again, and any name survives.
enum InventoryJSONTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    if let list = try? InventoryMessages.readProductList(bytes) {
      let again = try? InventoryMessages.readProductList(InventoryMessages.productList(list))
      try requireEqual(again, list, "list written and read")
    }
    if let product = try? InventoryMessages.readStockChanged(bytes) {
      try requireEqual(again(product), product, "answer written and read")
    }
    _ = InventoryMessages.readProblem(bytes)
    var number: Int64 = 0
    for byte in bytes.prefix(8) { number = number << 8 | Int64(byte) }
    let product = Product(id: number, name: bytes.text, stock: ~number)
    try requireEqual(again(product), product, "written and read")
  }

  private static func again(_ product: Product) -> Product? {
    try? InventoryMessages.readStockChanged(InventoryMessages.stockChanged("Done", product))
  }
}
