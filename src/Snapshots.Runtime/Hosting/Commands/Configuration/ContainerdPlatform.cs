using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Hosting;

/// <summary>Platforms as containerd writes them.</summary>
internal static class ContainerdPlatform
{
    /// <summary>The platform of this machine.</summary>
    public static string OfMachine { get; } = "linux/" + Architecture(RuntimeInformation.OSArchitecture);

    // In the words of Go.
    private static string Architecture(Architecture architecture) => architecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
        _ => architecture.ToString().ToLowerInvariant(),
    };
}
