import Synchronization

/// A sampler that can be replaced while spans start.
package final class ReplaceableSampler: Sampler {
  private let current: Mutex<any Sampler>

  package init(_ sampler: any Sampler) { current = Mutex(sampler) }

  package var description: String { current.withLock { $0.description } }

  package func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    current.withLock { $0 }.sample(parameters)
  }

  package func replace(with sampler: any Sampler) { current.withLock { $0 = sampler } }
}
