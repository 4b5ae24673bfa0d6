namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>Names of commands and options that messages mention.</summary>
internal static class CommandNames
{
    public const string Config = "config", Check = "check";

    /// <summary>The option that gives the snapshotter's name in containerd's configuration.</summary>
    public const string NameOption = "--name";

    /// <summary>The option that gives the path of containerd's configuration.</summary>
    public const string ContainerdConfigOption = "--containerd-config";
}
