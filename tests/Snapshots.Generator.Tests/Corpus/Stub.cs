namespace Containerd.Snapshots.Tests.Generator.Corpus;

/// <summary>The method that an author writes for a call whose name is all that a message says.</summary>
internal static class Stub
{
    private static readonly Dictionary<string, string> Signatures = new()
    {
        ["Stat"] = "SnapshotInfo? {0}(string key)",
        ["Update"] = "SnapshotInfo? {0}(SnapshotInfo info, IReadOnlyList<string> fieldPaths)",
        ["Usage"] = "SnapshotUsage? {0}(string key)",
        ["Mounts"] = "IReadOnlyList<Mount>? {0}(string key)",
        ["Prepare"] = "IReadOnlyList<Mount> {0}(string key, string parent, IReadOnlyDictionary<string, string> labels)",
        ["View"] = "IReadOnlyList<Mount> {0}(string key, string parent, IReadOnlyDictionary<string, string> labels)",
        ["Commit"] = "void {0}(string name, string key, string parent, IReadOnlyDictionary<string, string> labels)",
        ["Remove"] = "void {0}(string key)",
        ["Walk"] = "IEnumerable<SnapshotInfo> {0}(SnapshotFilter filter)",
        ["Cleanup"] = "void {0}()",
    };

    public static string Of(string method) =>
        $"public {string.Format(null, Signatures[method.EndsWith("Async", StringComparison.Ordinal) ? method[..^5] : method], method)} => throw new NotImplementedException();";
}
