using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>An info, on the wire.</summary>
internal struct InfoMessage()
{
    private const int NameField = 1, ParentField = 2, KindField = 3, CreatedAtField = 4, UpdatedAtField = 5, LabelsField = 6;

    private string _parent = "";
    private int _kind;
    private TimeMessage? _createdAt, _updatedAt;
    private Dictionary<string, string>? _labels;

    public string Name { get; private set; } = "";

    public void Merge(WireReader message)
    {
        while (message.MoveNext())
        {
            if (message.IsBytes(NameField))
                Name = message.ReadText();
            else if (message.IsBytes(ParentField))
                _parent = message.ReadText();
            else if (message.IsNumber(KindField))
                _kind = (int)message.ReadNumber();
            else if (message.IsBytes(CreatedAtField))
                _createdAt = Merge(_createdAt, message.ReadMessage());
            else if (message.IsBytes(UpdatedAtField))
                _updatedAt = Merge(_updatedAt, message.ReadMessage());
            else if (message.IsBytes(LabelsField))
                LabelMessages.ReadInto(ref _labels, message.ReadMessage());
            else
                message.Skip();
        }
    }

    /// <summary>Whether it has values that the types of snapshotters cannot hold.</summary>
    public readonly SnapshotResult Check()
    {
        if (_kind is < (int)SnapshotKind.Unknown or > (int)SnapshotKind.Committed)
            return SnapshotResult.InvalidArgument($"the info has the kind {_kind}, which is not known");

        if (_createdAt is { IsInRange: false })
            return SnapshotResult.InvalidArgument("the info's created_at is outside the years 1 to 9999");

        if (_updatedAt is { IsInRange: false })
            return SnapshotResult.InvalidArgument("the info's updated_at is outside the years 1 to 9999");

        return SnapshotResult.Success;
    }

    /// <summary>The info, if <see cref="Check"/> has found it good.</summary>
    public readonly SnapshotInfo ToInfo() => new()
    {
        Name = Name,
        Parent = _parent,
        Kind = (SnapshotKind)_kind,
        CreatedAt = _createdAt?.ToDateTimeOffset() ?? default,
        UpdatedAt = _updatedAt?.ToDateTimeOffset() ?? default,
        Labels = ValueDictionary.Adopt(_labels),
    };

    public static void Write(int field, SnapshotInfo info, WireWriter output)
    {
        var message = output.Begin(field);
        output.Text(NameField, info.Name);
        output.Text(ParentField, info.Parent);
        output.Number(KindField, (int)info.Kind);
        TimeMessage.Write(CreatedAtField, info.CreatedAt, output);
        TimeMessage.Write(UpdatedAtField, info.UpdatedAt, output);
        LabelMessages.Write(LabelsField, info.LabelValues, output);
        output.End(message);
    }

    private static TimeMessage Merge(TimeMessage? before, WireReader message)
    {
        var time = before.GetValueOrDefault();
        time.Merge(message);
        return time;
    }
}
