using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>Platforms as containerd writes them.</summary>
internal static class ContainerdPlatform
{
    /// <summary>The platform of this machine.</summary>
    public static string OfMachine { get; } = "linux/" + Architecture(RuntimeInformation.OSArchitecture);

    /// <summary>Whether a platform, as an operator may write it, is this machine's; variants of its processor count as the same.</summary>
    public static bool IsOfMachine(string platform) => platform.ToLowerInvariant().Split('/') switch
    {
        ["linux"] => true,
        [var architecture] => IsArchitectureOfMachine(architecture),
        ["linux", var architecture, ..] => IsArchitectureOfMachine(architecture),
        _ => false,
    };

    private static bool IsArchitectureOfMachine(string architecture) => "linux/" + Normal(architecture) == OfMachine;

    // Other names that containerd takes.
    private static string Normal(string architecture) => architecture switch
    {
        "x86_64" or "x86-64" => "amd64",
        "i386" => "386",
        "aarch64" => "arm64",
        "armhf" or "armel" => "arm",
        _ => architecture,
    };

    // In the words of Go.
    private static string Architecture(Architecture architecture) => architecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
        _ => architecture.ToString().ToLowerInvariant(),
    };
}
