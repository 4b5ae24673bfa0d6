using System.ComponentModel;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Runtime.Model;
using Containerd.Snapshots.Runtime.Wire;
using Google.Protobuf;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A call that creates a snapshot: Prepare, View. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CreateCall : MountsReplyCall, IObservedCall
{
    private const uint KeyTag = (2 << 3) | WireMessage.Bytes, ParentTag = (3 << 3) | WireMessage.Bytes, LabelsTag = (4 << 3) | WireMessage.Bytes;

    private Dictionary<string, string>? _labels;

    private protected CreateCall()
    {
    }

    /// <summary>The key of the new snapshot.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The name of the parent, a committed snapshot; empty for none.</summary>
    public string Parent { get; private set; } = "";

    /// <summary>The labels of the new snapshot, as sent.</summary>
    public IReadOnlyDictionary<string, string> Labels => field ??= ValueDictionary.Adopt(_labels);

    internal override string Subject => Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(Key, "key");

    private protected override void ReadField(uint tag, ref ParseContext input)
    {
        if (tag == KeyTag)
            Key = input.ReadString();
        else if (tag == ParentTag)
            Parent = input.ReadString();
        else if (tag == LabelsTag)
            LabelMessage.ReadInto(ref _labels, ref input);
        else
            base.ReadField(tag, ref input);
    }
}

/// <summary>A Prepare call from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PrepareCall : CreateCall
{
    internal PrepareCall()
    {
    }

    internal override string CallName => "Prepare";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Prepare(this);
}

/// <summary>A View call from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ViewCall : CreateCall
{
    internal ViewCall()
    {
    }

    internal override string CallName => "View";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.View(this);
}
