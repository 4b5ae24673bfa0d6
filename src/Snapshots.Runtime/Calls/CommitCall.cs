using System.ComponentModel;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Runtime.Model;
using Containerd.Snapshots.Runtime.Wire;
using Google.Protobuf;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Commit call from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CommitCall : EmptyCall, IObservedCall
{
    private const uint NameTag = (2 << 3) | WireMessage.Bytes, KeyTag = (3 << 3) | WireMessage.Bytes, LabelsTag = (4 << 3) | WireMessage.Bytes, ParentTag = (5 << 3) | WireMessage.Bytes;

    private Dictionary<string, string>? _labels;

    internal CommitCall()
    {
    }

    /// <summary>The name for the committed snapshot.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The key of the active snapshot.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The name of the parent to rebase onto; empty for none. Always empty before containerd 2.3.</summary>
    public string Parent { get; private set; } = "";

    /// <summary>The labels of the committed snapshot; they replace the active snapshot's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => field ??= ValueDictionary.Adopt(_labels);

    internal override string CallName => "Commit";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Commit(this);

    internal override string Subject => Key;

    internal override SnapshotResult Check()
    {
        var name = WireLimits.CheckKey(Name, "name");
        return name.IsSuccess ? WireLimits.CheckKey(Key, "key") : name;
    }

    private protected override void ReadField(uint tag, ref ParseContext input)
    {
        if (tag == NameTag)
            Name = input.ReadString();
        else if (tag == KeyTag)
            Key = input.ReadString();
        else if (tag == LabelsTag)
            LabelMessage.ReadInto(ref _labels, ref input);
        else if (tag == ParentTag)
            Parent = input.ReadString();
        else
            base.ReadField(tag, ref input);
    }
}
