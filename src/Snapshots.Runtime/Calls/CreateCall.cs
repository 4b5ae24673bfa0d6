using System.ComponentModel;
using Containerd.Snapshots.Runtime.Model;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A call that creates a snapshot: Prepare, View. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CreateCall : MountsReplyCall
{
    private const int KeyField = 2, ParentField = 3, LabelsField = 4;

    private Dictionary<string, string>? _labels;

    private protected CreateCall()
    {
    }

    /// <summary>The key of the new snapshot.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The name of the committed snapshot to build on; empty for none.</summary>
    public string Parent { get; private set; } = "";

    /// <summary>The labels of the new snapshot, as sent.</summary>
    public IReadOnlyDictionary<string, string> Labels => field ??= ValueDictionary.Adopt(_labels);

    internal override string Subject => Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(Key, "key");

    private protected override void ReadField(ref WireReader reader)
    {
        if (reader.IsBytes(KeyField))
            Key = reader.ReadText();
        else if (reader.IsBytes(ParentField))
            Parent = reader.ReadText();
        else if (reader.IsBytes(LabelsField))
            LabelMessages.ReadInto(ref _labels, reader.ReadMessage());
        else
            base.ReadField(ref reader);
    }
}

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
