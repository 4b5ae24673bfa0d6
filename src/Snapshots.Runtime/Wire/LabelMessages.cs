using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>Labels, on the wire: a message with a key and a value for each.</summary>
internal static class LabelMessages
{
    private const int Key = 1, Value = 2;

    /// <summary>Reads a label, and puts it to the others; of labels with the same key the last counts.</summary>
    public static void ReadInto(ref Dictionary<string, string>? labels, WireReader label)
    {
        var (key, value) = ("", "");
        while (label.MoveNext())
        {
            if (label.IsBytes(Key))
                key = label.ReadText();
            else if (label.IsBytes(Value))
                value = label.ReadText();
            else
                label.Skip();
        }

        labels ??= new(StringComparer.Ordinal);
        labels[key] = value;
    }

    public static void Write(int field, ValueDictionary labels, WireWriter output)
    {
        foreach (var (key, value) in labels)
        {
            var label = output.Begin(field);
            output.Text(Key, key);
            output.Text(Value, value);
            output.End(label);
        }
    }
}
