namespace Containerd.Snapshots.Storage.Content;

/// <summary>The end of what a program writes, which may be long.</summary>
internal sealed class ToolOutput(StreamReader reader)
{
    private const int MaxLength = 64 * 1024, MaxLines = 5, MaxMessage = 1000;

    private readonly char[] _buffer = new char[4096];

    /// <summary>The last 64 KiB.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The last lines that are not empty, in one line for a message.</summary>
    public string LastLines
    {
        get
        {
            var lines = Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var message = string.Join("; ", lines.TakeLast(MaxLines));
            return message.Length <= MaxMessage ? message : message[^MaxMessage..];
        }
    }

    /// <summary>Reads to the end.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = await reader.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            Text += new string(_buffer, 0, length);
            if (Text.Length > MaxLength)
                Text = Text[^MaxLength..];
        }
    }
}
