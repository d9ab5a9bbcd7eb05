/// Does what the parent did; where there is none, another sampler decides.
public struct ParentBasedSampler: Sampler {
  private let root: any Sampler
  private let remoteParentSampled: any Sampler
  private let remoteParentNotSampled: any Sampler
  private let localParentSampled: any Sampler
  private let localParentNotSampled: any Sampler

  public init(
    root: any Sampler,
    remoteParentSampled: any Sampler = AlwaysOnSampler(),
    remoteParentNotSampled: any Sampler = AlwaysOffSampler(),
    localParentSampled: any Sampler = AlwaysOnSampler(),
    localParentNotSampled: any Sampler = AlwaysOffSampler()
  ) {
    self.root = root
    self.remoteParentSampled = remoteParentSampled
    self.remoteParentNotSampled = remoteParentNotSampled
    self.localParentSampled = localParentSampled
    self.localParentNotSampled = localParentNotSampled
  }

  public var description: String {
    "ParentBased{root=\(root),remoteParentSampled=\(remoteParentSampled),"
      + "remoteParentNotSampled=\(remoteParentNotSampled),"
      + "localParentSampled=\(localParentSampled),"
      + "localParentNotSampled=\(localParentNotSampled)}"
  }

  public func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    guard let parent = parameters.parent else { return root.sample(parameters) }
    return switch (parent.isRemote, parent.isSampled) {
    case (true, true): remoteParentSampled.sample(parameters)
    case (true, false): remoteParentNotSampled.sample(parameters)
    case (false, true): localParentSampled.sample(parameters)
    case (false, false): localParentNotSampled.sample(parameters)
    }
  }
}
