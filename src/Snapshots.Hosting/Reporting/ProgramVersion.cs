using System.Reflection;

namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>The versions in the log, without the commit that the SDK appends.</summary>
internal static class ProgramVersion
{
    public static string Own => Of(Assembly.GetEntryAssembly());

    public static string OfLibrary => Of(typeof(ProgramVersion).Assembly);

    private static string Of(Assembly? assembly) =>
        assembly?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
