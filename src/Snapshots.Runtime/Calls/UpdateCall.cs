using System.ComponentModel;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Runtime.Model;
using Containerd.Snapshots.Runtime.Wire;
using Google.Protobuf;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>An Update call from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UpdateCall : ReplyCall<SnapshotInfo>, IObservedCall
{
    private const uint InfoTag = (2 << 3) | WireMessage.Bytes, MaskTag = (3 << 3) | WireMessage.Bytes;
    private const int UpdatedField = 1; // Of the response.

    private InfoMessage? _info;
    private List<string>? _paths;
    private SnapshotInfo? _reply;

    internal UpdateCall()
    {
    }

    /// <summary>The snapshot's name and its new labels.</summary>
    public SnapshotInfo Info => field ??= (_info ?? new()).ToInfo();

    /// <summary>The fields to change, as <c>labels</c> or <c>labels.KEY</c>; empty for everything that can change.</summary>
    public IReadOnlyList<string> FieldPaths => field ??= ValueList.Adopt(_paths);

    internal override string CallName => "Update";

    IReadOnlyDictionary<string, string> IObservedCall.Labels => _info?.Labels ?? ValueDictionary.Empty;

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Update(this);

    internal override string Subject => _info?.Name ?? "";

    internal override SnapshotResult Check()
    {
        if (_info is not { } info)
            return SnapshotResult.InvalidArgument("the request has no info: it must contain the snapshot's name and labels");

        var name = WireLimits.CheckKey(info.Name, "info's name");
        return name.IsSuccess ? info.Check() : name;
    }

    internal override void Write(WireWriter output)
    {
        if (_reply is not null)
            InfoMessage.Write(UpdatedField, _reply, output);
    }

    private protected override void ReadField(uint tag, ref ParseContext input)
    {
        if (tag == InfoTag)
            input.ReadMessage(_info ??= new());
        else if (tag == MaskTag)
            input.ReadMessage(new FieldMask(_paths ??= []));
        else
            base.ReadField(tag, ref input);
    }

    private protected override ValueTask Accept(SnapshotInfo payload)
    {
        _reply = payload;
        return default;
    }

    /// <summary>The message <c>google.protobuf.FieldMask</c>.</summary>
    private sealed class FieldMask(List<string> paths) : WireMessage
    {
        private const uint PathsTag = (1 << 3) | Bytes;

        public override void ReadField(uint tag, ref ParseContext input)
        {
            if (tag == PathsTag)
                paths.Add(input.ReadString());
            else
                Skip(tag, ref input);
        }
    }
}
