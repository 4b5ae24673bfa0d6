using System.Globalization;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay.Durability;

/// <summary>The system calls of a process, in order.</summary>
internal sealed partial class Trace
{
    private const string Traced =
        "mkdir,mkdirat,rename,renameat,renameat2,unlinkat,fsync,fdatasync,syncfs,write,writev,pwrite64,pwritev,sendto,sendmsg";

    private readonly List<SystemCall> _calls;

    private Trace(IEnumerable<string> lines) => _calls = Parse(lines);

    /// <summary>Traces all threads of a process during an action.</summary>
    public static async Task<Trace> RecordAsync(NativeProcess process, string file, Action action)
    {
        await Strace.WhileAsync(process, ["-y", "-x", "-s", "64", "-e", $"trace={Traced}", "-o", file], action);
        return new(File.ReadLines(file));
    }

    /// <summary>All calls with one of these names and arguments that match a pattern.</summary>
    public IReadOnlyList<SystemCall> All(string names, string arguments) =>
        [.. _calls.Where(call => names.Split(' ').Contains(call.Name) && Regex.IsMatch(call.Arguments, arguments))];

    /// <summary>The first message to a client that begins an answer.</summary>
    public SystemCall Answer() => _calls.First(call => call.Name is "sendto" or "sendmsg" or "write" or "writev" && BeginsAnswer(call.Arguments));

    public override string ToString() => string.Join('\n', _calls);

    // A frame of HTTP/2 has three bytes of length, then its kind: 1 is HEADERS.
    private static bool BeginsAnswer(string arguments)
    {
        if (!arguments.Contains("socket:", StringComparison.Ordinal) || BinaryText().Match(arguments) is not { Success: true } text)
            return false;

        var bytes = Convert.FromHexString(text.Groups[1].Value.Replace("\\x", "", StringComparison.Ordinal));
        for (var at = 0; at + 9 <= bytes.Length; at += 9 + (bytes[at] << 16) + (bytes[at + 1] << 8) + bytes[at + 2])
        {
            if (bytes[at + 3] == 1)
                return true;
        }

        return false;
    }

    // A call during which another thread makes one has two lines: "unfinished" and "resumed".
    private static List<SystemCall> Parse(IEnumerable<string> lines)
    {
        var calls = new List<SystemCall>();
        var unfinished = new Dictionary<string, int>();
        foreach (var (index, line) in lines.Index())
        {
            var (begun, resumed) = (Begun().Match(line), Resumed().Match(line));
            if (resumed.Success && unfinished.Remove(resumed.Groups["thread"].Value, out var call))
            {
                calls[call] = calls[call] with { End = index };
            }
            else if (begun.Success)
            {
                if (line.EndsWith("<unfinished ...>", StringComparison.Ordinal))
                    unfinished[begun.Groups["thread"].Value] = calls.Count;
                calls.Add(new(begun.Groups["name"].Value, begun.Groups["arguments"].Value, index, index));
            }
        }

        return calls;
    }

    [GeneratedRegex(@"^(?<thread>\d+) +(?<name>\w+)\((?<arguments>.*)$")]
    private static partial Regex Begun();

    [GeneratedRegex(@"^(?<thread>\d+) +<\.\.\. \w+ resumed>")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"""((?:\\x[0-9a-f]{2})+)""")]
    private static partial Regex BinaryText();
}

/// <summary>A system call, with the lines of the trace that it begins and ends in.</summary>
internal sealed record SystemCall(string Name, string Arguments, int Start, int End)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}-{End} {Name}({Arguments}");
}
