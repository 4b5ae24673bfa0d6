namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>A mount, on the wire.</summary>
internal static class MountMessage
{
    private const int TypeField = 1, SourceField = 2, TargetField = 3, OptionsField = 4;

    public static void Write(int field, Mount mount, WireWriter output)
    {
        var message = output.Begin(field);
        output.Text(TypeField, mount.Type);
        output.Text(SourceField, mount.Source);
        output.Text(TargetField, mount.Target);
        foreach (var option in mount.OptionValues)
            output.Element(OptionsField, option);

        output.End(message);
    }
}
