using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A View from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ViewCall : CreateCall
{
    internal ViewCall()
    {
    }

    internal override string CallName => "View";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.View(this);
}
