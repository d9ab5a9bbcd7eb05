package import APIDescription
import HTTPServer

/// The `Idempotency-Key` field, which may be left out.
package struct IdempotencyKeyParameter: RequestParameter {
  package init() {}

  package var documentation: ParameterDescription {
    ParameterDescription(
      "Idempotency-Key", in: .header, isRequired: false,
      schema: .text(length: 1...IdempotencyKey.bytesMax, pattern: "^[!-~]+$"),
      description: """
        Tells a repetition from a new request: the same key with the same parameters is carried \
        out once and answered alike; with other parameters it gets 422. Any text of yours that is \
        used once, a UUID for example.
        """,
      example: "b2a0e6a4-5f0c-4d0e-9d43-6a1f0c7f3f11")
  }

  package func read(_ reader: inout ParameterReader) -> String? {
    do throws(IdempotencyKey.Invalid) {
      return try IdempotencyKey.read(reader.request.head)
    } catch {
      reader.refuse(with: error.response)
      return nil
    }
  }
}
