import InventoryAPI
import Testing

@Suite struct InventoryMessagesTests {
  private static let laptop = Product(id: 1, name: "Laptop", stock: 8)
  private static let odd = Product(id: .min, name: "\"\\\n\0é 日本 🧾", stock: .max)

  @Test func writesWhatClientsKnow() {
    let list = InventoryMessages.productList([Self.laptop, Product(id: 2, name: "", stock: 0)])
    #expect(
      String(decoding: list, as: UTF8.self)
        == #"[{"id":1,"name":"Laptop","stock":8},{"id":2,"name":"","stock":0}]"#)
    #expect(InventoryMessages.productList([]) == Array("[]".utf8))
    let changed = InventoryMessages.stockChanged("Stock reduced", Self.laptop)
    #expect(
      String(decoding: changed, as: UTF8.self)
        == #"{"message":"Stock reduced","product":{"id":1,"name":"Laptop","stock":8}}"#)
  }

  @Test(arguments: [[], [laptop], [laptop, odd]])
  func aListComesBack(_ products: [Product]) throws {
    let body = InventoryMessages.productList(products)
    #expect(try InventoryMessages.readProductList(body) == products)
  }

  @Test(arguments: [laptop, odd])
  func aChangeComesBack(_ product: Product) throws {
    let body = InventoryMessages.stockChanged("Restocked", product)
    #expect(try InventoryMessages.readStockChanged(body) == product)
  }

  @Test(arguments: [
    "", "null", "{}", "[]x", #"{"product":{}}"#, #"{"product":{"id":1,"name":"a"}}"#,
    #"{"product":{"id":"1","name":"a","stock":2}}"#, #"{"product":{"id":1,"name":null,"stock":2}}"#,
    #"{"product":{"id":9223372036854775808,"name":"a","stock":2}}"#,
    #"{"product":{"id":1.5,"name":"a","stock":2}}"#, #"{"product":[1,"a",2]}"#,
    #"{"product":{"id":1,"name":"a","stock":2}"#, "\u{FF}",
  ])
  func refusesWhatIsNoChange(_ body: String) {
    #expect(throws: InventoryMessages.MalformedBody.self) {
      try InventoryMessages.readStockChanged(Array(body.utf8))
    }
  }

  @Test(arguments: ["", "{}", #"[{"id":1}]"#, #"[{"id":1,"name":"a","stock":2},]x"#, "[null]"])
  func refusesWhatIsNoList(_ body: String) {
    #expect(throws: InventoryMessages.MalformedBody.self) {
      try InventoryMessages.readProductList(Array(body.utf8))
    }
  }

  @Test(arguments: [
    (#"{"detail":"Product unavailable"}"#, "Product unavailable"), (#"{"detail":""}"#, ""),
    (#"{"detail":[{"type":"missing"}]}"#, nil), ("{}", nil), ("", nil), ("oops", nil),
  ] as [(String, String?)])
  func readsWhatIsWrong(_ body: String, _ detail: String?) {
    #expect(InventoryMessages.readProblem(Array(body.utf8)) == detail)
  }

  /// A later inventory may say more.
  @Test func readsPastWhatItDoesNotKnow() throws {
    let body = #"{"product":{"id":1,"name":"Laptop","stock":8,"colour":"red"},"more":1}"#
    #expect(try InventoryMessages.readStockChanged(Array(body.utf8)) == Self.laptop)
  }
}
