import ArgumentParser
import Foundation

/// Prints what the service says of its interface.
struct OpenAPICommand<Program: ServiceProgram>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "openapi",
      abstract: "Print the OpenAPI 3.1 document that the service serves as /openapi.json.")
  }

  func run() throws {
    FileHandle.standardOutput.write(
      Data(DocumentationRoutes.document(Program.api) + [UInt8(ascii: "\n")]))
  }
}
