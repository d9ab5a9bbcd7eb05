/// A certificate with its private key, both in PEM form.
package struct TLSIdentity: Hashable, Sendable {
  /// The certificate itself, then the intermediate ones up to, but without, the root.
  package var certificateChain: PEMSource
  /// PKCS #8, PKCS #1 or SEC 1; not encrypted.
  package var privateKey: PEMSource

  package init(certificateChain: PEMSource, privateKey: PEMSource) {
    self.certificateChain = certificateChain
    self.privateKey = privateKey
  }

  /// Reads both from files, again at every reload.
  package init(certificateChainFile: String, privateKeyFile: String) {
    self.init(certificateChain: .file(certificateChainFile), privateKey: .file(privateKeyFile))
  }
}
