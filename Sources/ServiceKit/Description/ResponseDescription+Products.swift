package import APIDescription
import HTTPTypes

extension ResponseDescription {
  /// The list of products, which both services answer with.
  package static var products: Self {
    Self(
      .ok, "The products.", schema: .array(of: .product),
      examples: [
        Example("products", [["id": 1, "name": "Laptop", "stock": 8]]), Example("none", []),
      ])
  }
}

extension Schema {
  /// A product, and how many of it are left.
  package static var product: Schema {
    .object([
      ("id", .integer()), ("name", .text()), ("stock", .integer(in: 0 ... .max)),
    ]).named("Product")
  }
}
