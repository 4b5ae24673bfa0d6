using System.ComponentModel;
using Containerd.Snapshots.Runtime.Model;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>An Update from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UpdateCall : ReplyCall<SnapshotInfo>
{
    private const int InfoField = 2, MaskField = 3;
    private const int PathsField = 1; // Of google.protobuf.FieldMask.
    private const int UpdatedField = 1; // Of the response.

    private InfoMessage? _info;
    private List<string>? _paths;
    private SnapshotInfo? _reply;

    internal UpdateCall()
    {
    }

    /// <summary>The name of the snapshot, and its labels to be.</summary>
    public SnapshotInfo Info => field ??= _info.GetValueOrDefault().ToInfo();

    /// <summary>What to change, as <c>labels</c> or <c>labels.KEY</c>; empty for everything that can change.</summary>
    public IReadOnlyList<string> FieldPaths => field ??= ValueList.Adopt(_paths);

    internal override string CallName => "Update";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Update(this);

    internal override string Subject => _info?.Name ?? "";

    internal override SnapshotResult Check()
    {
        if (_info is not { } info)
            return SnapshotResult.InvalidArgument("the request has no info: which snapshot to update, and its labels");

        var name = WireLimits.CheckKey(info.Name, "info's name");
        return name.IsSuccess ? info.Check() : name;
    }

    internal override void Write(WireWriter output)
    {
        if (_reply is not null)
            InfoMessage.Write(UpdatedField, _reply, output);
    }

    private protected override void ReadField(ref WireReader reader)
    {
        if (reader.IsBytes(InfoField))
            ReadInfo(reader.ReadMessage());
        else if (reader.IsBytes(MaskField))
            ReadMask(reader.ReadMessage());
        else
            base.ReadField(ref reader);
    }

    private protected override ValueTask Accept(SnapshotInfo payload)
    {
        _reply = payload;
        return default;
    }

    private void ReadInfo(WireReader message)
    {
        var info = _info ?? new();
        info.Merge(message);
        _info = info;
    }

    private void ReadMask(WireReader message)
    {
        while (message.MoveNext())
        {
            if (message.IsBytes(PathsField))
                (_paths ??= []).Add(message.ReadText());
            else
                message.Skip();
        }
    }
}
