namespace Containerd.Snapshots.Tests.Package;

/// <summary>The code that the guide's reader writes.</summary>
internal static class Sources
{
    public const string Program = """
        using Containerd.Snapshots;
        using User;

        return await SnapshotterHost.RunAsync(args, host => new Example(host.Root, host.Logger)).ConfigureAwait(false);

        """;

    public static readonly string Example = ExampleNamed("Example");

    /// <summary>A whole snapshotter, in C# 11.</summary>
    public static string ExampleNamed(string name) => $$"""
        using Containerd.Snapshots;
        using Microsoft.Extensions.Logging;

        namespace User;

        /// <summary>A snapshotter that has one snapshot.</summary>
        [Snapshotter]
        public sealed partial class {{name}}
        {
            private readonly string _root;
            private readonly ILogger _logger;

            /// <summary>Takes the root directory.</summary>
            public {{name}}(string root, ILogger logger)
            {
                _root = root;
                _logger = logger;
            }

            /// <summary>Finds a snapshot.</summary>
            public SnapshotInfo? Stat(string key) =>
                key == "base" ? new SnapshotInfo { Name = key, Kind = SnapshotKind.Committed } : null;

            /// <summary>Makes a snapshot.</summary>
            public IReadOnlyList<Mount> Prepare(string key, string parent, IReadOnlyDictionary<string, string> labels) =>
                new[] { Mount.Bind(Path.Combine(_root, "fs")) };

            /// <summary>Makes a view.</summary>
            public async Task<Mount> ViewAsync(string key, CancellationToken cancellationToken)
            {
                await Task.Delay(1, cancellationToken).ConfigureAwait(false);
                return Mount.ReadOnlyBind(Path.Combine(_root, "fs"));
            }

            /// <summary>Tells the mounts.</summary>
            public SnapshotResult<Mount> Mounts(string key) => SnapshotResult.NotFound(key);

            /// <summary>Commits.</summary>
            public void Commit(string name, string key, IReadOnlyDictionary<string, string> labels) =>
                throw SnapshotterException.NotFound(key);

            /// <summary>Removes.</summary>
            public ValueTask RemoveAsync(string key) => ValueTask.CompletedTask;

            /// <summary>Cleans up, by a method that is on its way out.</summary>
            [Obsolete("It does nothing any more.")]
            public void Cleanup() => _ = _root;

            /// <summary>Lists.</summary>
            public IEnumerable<SnapshotInfo> Walk() => new[] { new SnapshotInfo { Name = _logger is null ? "none" : "base", Kind = SnapshotKind.Committed } };
        }

        """;

    /// <summary>The same class without the keyword partial.</summary>
    public static readonly string Malformed = Example.Replace("sealed partial class", "sealed class", StringComparison.Ordinal);
}
