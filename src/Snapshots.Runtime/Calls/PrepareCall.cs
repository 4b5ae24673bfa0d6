using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Prepare from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PrepareCall : CreateCall
{
    internal PrepareCall()
    {
    }

    internal override string CallName => "Prepare";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Prepare(this);
}
