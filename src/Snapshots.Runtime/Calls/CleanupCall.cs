using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Cleanup call from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CleanupCall : EmptyCall
{
    internal CleanupCall()
    {
    }

    internal override string CallName => "Cleanup";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Cleanup(this);
}
