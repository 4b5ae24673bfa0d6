namespace Containerd.Snapshots.Tests.Processes;

/// <summary>What tests require of the machine.</summary>
public static class Tools
{
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    /// <summary>Ends the test if it does not run as root or a tool is missing: as ignored, in CI as failed.</summary>
    public static void Require(params IReadOnlyList<string> tools)
    {
        if (!Environment.IsPrivilegedProcess)
            Missing("These tests mount file systems: run them as root.");
        foreach (var tool in tools)
        {
            if (!Folders.Any(folder => File.Exists(Path.Combine(folder, tool))))
                Missing($"{tool} is not installed; ./test.sh installs it.");
        }
    }

    /// <summary>The same if SQLite's static library is missing.</summary>
    public static void RequireStaticSqlite()
    {
        if (!File.Exists("/usr/include/sqlite3.h"))
            Missing("Debian's package libsqlite3-dev is not installed; ./test.sh installs it.");
    }

    /// <summary>The same if containerd 2 is missing.</summary>
    /// <returns>Its folder, from the environment variable CONTAINERD2.</returns>
    public static string RequireContainerd2()
    {
        var folder = Environment.GetEnvironmentVariable("CONTAINERD2") ?? "";
        if (!File.Exists(Path.Combine(folder, "containerd")))
            Missing("There is no containerd 2; ./test.sh fetches it from Debian.");

        return folder;
    }

    private static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(reason);

        Assert.Ignore(reason);
    }
}
