/// The pages that show an OpenAPI document to people. They are in the program's read-only data, so
/// that they cost nothing until somebody looks at them.
package enum DocumentationPages {
  /// The page where endpoints can be tried out.
  package static var docs: [UInt8] { PackageResources.docs_html }
  /// The same for reading, or printing.
  package static var redoc: [UInt8] { PackageResources.redoc_html }
  /// Where a sign-in would return to, if there were one.
  package static var signIn: [UInt8] { PackageResources.oauth2_redirect_html }
  package static var style: [UInt8] { PackageResources.docs_css }
  package static var script: [UInt8] { PackageResources.docs_js }
}
