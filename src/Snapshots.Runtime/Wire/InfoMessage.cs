using Containerd.Snapshots.Runtime.Model;
using Google.Protobuf;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>A snapshot's info as a protobuf message.</summary>
internal sealed class InfoMessage : WireMessage
{
    private const int NameField = 1, ParentField = 2, KindField = 3, CreatedAtField = 4, UpdatedAtField = 5, LabelsField = 6;
    private const uint NameTag = (NameField << 3) | Bytes, ParentTag = (ParentField << 3) | Bytes, KindTag = (KindField << 3) | Varint;
    private const uint CreatedAtTag = (CreatedAtField << 3) | Bytes, UpdatedAtTag = (UpdatedAtField << 3) | Bytes, LabelsTag = (LabelsField << 3) | Bytes;

    private string _parent = "";
    private int _kind;
    private TimeMessage? _createdAt, _updatedAt;
    private Dictionary<string, string>? _labels;

    public string Name { get; private set; } = "";

    public ValueDictionary Labels => ValueDictionary.Adopt(_labels);

    public override void ReadField(uint tag, ref ParseContext input)
    {
        switch (tag)
        {
            case NameTag:
                Name = input.ReadString();
                break;
            case ParentTag:
                _parent = input.ReadString();
                break;
            case KindTag:
                _kind = input.ReadEnum();
                break;
            case CreatedAtTag:
                input.ReadMessage(_createdAt ??= new());
                break;
            case UpdatedAtTag:
                input.ReadMessage(_updatedAt ??= new());
                break;
            case LabelsTag:
                LabelMessage.ReadInto(ref _labels, ref input);
                break;
            default:
                Skip(tag, ref input);
                break;
        }
    }

    /// <summary>Checks for values that <see cref="SnapshotInfo"/> cannot hold.</summary>
    public SnapshotResult Check()
    {
        if (_kind is < (int)SnapshotKind.Unknown or > (int)SnapshotKind.Committed)
            return SnapshotResult.InvalidArgument($"the info's kind {_kind} is unknown");

        if (_createdAt is { IsInRange: false })
            return SnapshotResult.InvalidArgument("the info's created_at is outside the years 1 to 9999");

        if (_updatedAt is { IsInRange: false })
            return SnapshotResult.InvalidArgument("the info's updated_at is outside the years 1 to 9999");

        return SnapshotResult.Success;
    }

    /// <summary>Converts the message to an info. Only after <see cref="Check"/> has succeeded.</summary>
    public SnapshotInfo ToInfo() => new()
    {
        Name = Name,
        Parent = _parent,
        Kind = (SnapshotKind)_kind,
        CreatedAt = _createdAt?.ToDateTimeOffset() ?? default,
        UpdatedAt = _updatedAt?.ToDateTimeOffset() ?? default,
        Labels = Labels,
    };

    public static void Write(int field, SnapshotInfo info, WireWriter output)
    {
        var message = output.Begin(field);
        output.Text(NameField, info.Name);
        output.Text(ParentField, info.Parent);
        output.Number(KindField, (int)info.Kind);
        TimeMessage.Write(CreatedAtField, info.CreatedAt, output);
        TimeMessage.Write(UpdatedAtField, info.UpdatedAt, output);
        LabelMessage.Write(LabelsField, info.LabelValues, output);
        output.End(message);
    }
}
