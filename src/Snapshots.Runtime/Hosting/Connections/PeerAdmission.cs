namespace Containerd.Snapshots.Hosting;

/// <summary>A place among the connections that may be open at once, until it is disposed.</summary>
/// <param name="gate">Where it is from.</param>
/// <param name="peer">Who has it.</param>
internal sealed class PeerAdmission(PeerGate gate, PeerCredentials peer) : IDisposable
{
    public PeerCredentials Peer => peer;

    public void Dispose() => gate.Leave();
}
