using System.ComponentModel;
using Containerd.Snapshots.Runtime.Model;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Commit from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CommitCall : EmptyCall
{
    private const int NameField = 2, KeyField = 3, LabelsField = 4, ParentField = 5;

    private Dictionary<string, string>? _labels;

    internal CommitCall()
    {
    }

    /// <summary>The name of the committed snapshot to be.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The key of the active snapshot.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The name of the parent to rebase onto; empty for none (always, before containerd 2.3).</summary>
    public string Parent { get; private set; } = "";

    /// <summary>The labels of the committed snapshot; they replace those of the active one.</summary>
    public IReadOnlyDictionary<string, string> Labels => field ??= ValueDictionary.Adopt(_labels);

    internal override string CallName => "Commit";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Commit(this);

    internal override string Subject => Key;

    internal override SnapshotResult Check()
    {
        var name = WireLimits.CheckKey(Name, "name");
        return name.IsSuccess ? WireLimits.CheckKey(Key, "key") : name;
    }

    private protected override void ReadField(ref WireReader reader)
    {
        if (reader.IsBytes(NameField))
            Name = reader.ReadText();
        else if (reader.IsBytes(KeyField))
            Key = reader.ReadText();
        else if (reader.IsBytes(LabelsField))
            LabelMessages.ReadInto(ref _labels, reader.ReadMessage());
        else if (reader.IsBytes(ParentField))
            Parent = reader.ReadText();
        else
            base.ReadField(ref reader);
    }
}
