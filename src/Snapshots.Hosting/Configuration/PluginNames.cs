using System.CommandLine;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>The names of a program's snapshotters in containerd's configuration.</summary>
internal static class PluginNames
{
    private const string Suffix = "-snapshotter";

    /// <summary>The default name of a snapshotter without a name: the name of its program, without <c>-snapshotter</c> at the end.</summary>
    public static string Default { get; } = Trim(RootCommand.ExecutableName);

    /// <summary>Returns the names that the command line selects.</summary>
    /// <param name="program">The program.</param>
    /// <param name="given">The name on the command line; null selects all.</param>
    /// <exception cref="SetupException">The name is empty, or the program has no snapshotter with this name.</exception>
    public static IReadOnlyList<string> Choose(HostedProgram program, string? given)
    {
        if (given is "")
            throw new SetupException($"the name in {CommandNames.NameOption} is empty");

        if (!program.IsNamed)
            return [given ?? Default];

        var names = program.Snapshotters.Select(static snapshotter => snapshotter.Name!).ToList();
        if (given is null)
            return names;

        return names.Contains(given)
            ? [given]
            : throw new SetupException($"this program has no snapshotter \"{given}\": choose one of {string.Join(", ", names)}");
    }

    private static string Trim(string executable) =>
        executable.Length > Suffix.Length && executable.EndsWith(Suffix, StringComparison.Ordinal) ? executable[..^Suffix.Length] : executable;
}
