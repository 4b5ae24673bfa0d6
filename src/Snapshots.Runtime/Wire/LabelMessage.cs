using Google.Protobuf;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>A label, on the wire: a message with a key and a value.</summary>
internal sealed class LabelMessage : WireMessage
{
    private const int KeyField = 1, ValueField = 2;
    private const uint KeyTag = (KeyField << 3) | Bytes, ValueTag = (ValueField << 3) | Bytes;

    private string _key = "", _value = "";

    /// <summary>Reads a label and adds it to the others; of labels with the same key the last counts.</summary>
    public static void ReadInto(ref Dictionary<string, string>? labels, ref ParseContext input)
    {
        var label = new LabelMessage();
        input.ReadMessage(label);
        labels ??= new(StringComparer.Ordinal);
        labels[label._key] = label._value;
    }

    public static void Write(int field, Model.ValueDictionary labels, WireWriter output)
    {
        foreach (var (key, value) in labels)
        {
            var label = output.Begin(field);
            output.Text(KeyField, key);
            output.Text(ValueField, value);
            output.End(label);
        }
    }

    public override void ReadField(uint tag, ref ParseContext input)
    {
        if (tag == KeyTag)
            _key = input.ReadString();
        else if (tag == ValueTag)
            _value = input.ReadString();
        else
            Skip(tag, ref input);
    }
}
