/// The pages that show an OpenAPI document to people. They are in the program's read-only data, so
/// that they cost nothing until somebody looks at them.
package enum DocumentationPages {
  /// The page itself: as `/docs` endpoints can be tried out there, as `/redoc` it is for reading.
  package static var page: [UInt8] { PackageResources.docs_html }
  /// Where a sign-in would return to, if there were one.
  package static var signIn: [UInt8] { PackageResources.oauth2_redirect_html }
  package static var style: [UInt8] { PackageResources.docs_css }
  package static var script: [UInt8] { PackageResources.docs_js }
}
