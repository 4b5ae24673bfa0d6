using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>Platforms in containerd's notation.</summary>
internal static class ContainerdPlatform
{
    /// <summary>The platform of this machine.</summary>
    public static string OfMachine { get; } = "linux/" + Architecture(RuntimeInformation.OSArchitecture);

    /// <summary>Returns whether a platform, in any spelling that containerd accepts, is this machine's. Processor variants are ignored.</summary>
    public static bool IsOfMachine(string platform) => platform.ToLowerInvariant().Split('/') switch
    {
        ["linux"] => true,
        [var architecture] => IsArchitectureOfMachine(architecture),
        ["linux", var architecture, ..] => IsArchitectureOfMachine(architecture),
        _ => false,
    };

    private static bool IsArchitectureOfMachine(string architecture) => "linux/" + Normal(architecture) == OfMachine;

    // Other names that containerd accepts.
    private static string Normal(string architecture) => architecture switch
    {
        "x86_64" or "x86-64" => "amd64",
        "i386" => "386",
        "aarch64" => "arm64",
        "armhf" or "armel" => "arm",
        _ => architecture,
    };

    // Go's names.
    private static string Architecture(Architecture architecture) => architecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
        _ => architecture.ToString().ToLowerInvariant(),
    };
}
