package import APIDescription
package import HTTPServer

extension Router {
  /// Adds the route of an endpoint. Its handler is called with values that are as declared; other
  /// requests are refused.
  package mutating func add<each Parameter: RequestParameter>(
    _ operation: Operation<repeat each Parameter>,
    handler:
      @escaping @Sendable (ServerRequest, repeat (each Parameter).Value) async -> ServerResponse
  ) {
    let parameters = operation.parameters
    add(operation.endpoint) { request in
      var reader = ParameterReader(request)
      let values = (repeat (each parameters).read(&reader))
      if let refusal = reader.refusal { return refusal }
      return await handler(request, repeat each values)
    }
  }

  /// Adds the route of an endpoint that takes nothing.
  package mutating func add(_ endpoint: Endpoint, handler: @escaping Handler) {
    add(endpoint.method, endpoint.path, handler: handler)
  }
}
