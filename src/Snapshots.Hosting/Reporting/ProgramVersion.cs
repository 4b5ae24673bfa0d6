using System.Reflection;

namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>The versions that the log tells, as the projects have them: without the commit that the SDK adds.</summary>
internal static class ProgramVersion
{
    public static string Own => Of(Assembly.GetEntryAssembly());

    public static string OfLibrary => Of(typeof(ProgramVersion).Assembly);

    private static string Of(Assembly? assembly) =>
        assembly?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
