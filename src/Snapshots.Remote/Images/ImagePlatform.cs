using System.Globalization;
using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Remote.Images;

/// <summary>An operating system and processor, as an index names them.</summary>
internal sealed record ImagePlatform(string Os, string Architecture, string Variant)
{
    /// <summary>
    /// The platforms whose images run here, the best one first. containerd (platforms.Default) has the same order: arm64 runs
    /// arm's images, arm those of older variants, and amd64 those of 386.
    /// </summary>
    public static IReadOnlyList<ImagePlatform> OfThisMachine { get; } = [.. RunOn(RuntimeInformation.OSArchitecture)];

    /// <summary>The same as containerd compares it: <c>x86_64</c> is amd64, and so on.</summary>
    public ImagePlatform Normalized()
    {
        var (architecture, variant) = (Architecture.ToLowerInvariant(), Variant.ToLowerInvariant()) switch
        {
            ("x86_64" or "x86-64" or "amd64", "v1") => ("amd64", ""),
            ("x86_64" or "x86-64" or "amd64", var given) => ("amd64", given),
            ("i386" or "386", _) => ("386", ""),
            ("aarch64" or "arm64", "8" or "v8" or "v8.0") => ("arm64", ""),
            ("aarch64" or "arm64", var given) => ("arm64", given),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", "") => ("arm", "v7"),
            ("arm", "5" or "6" or "7" or "8") => ("arm", $"v{Variant}"),
            var same => same,
        };
        return new(Os.ToLowerInvariant(), architecture, variant);
    }

    internal static IEnumerable<ImagePlatform> RunOn(Architecture architecture)
    {
        const string Linux = "linux";
        var own = architecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            System.Runtime.InteropServices.Architecture.X86 => "386",
            System.Runtime.InteropServices.Architecture.Armv6 => "arm",
            System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
            System.Runtime.InteropServices.Architecture.S390x => "s390x",
            System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
            System.Runtime.InteropServices.Architecture.RiscV64 => "riscv64",
            var other => other.ToString().ToLowerInvariant(),
        };
        if (own != "arm")
            yield return new(Linux, own, "");
        if (own == "amd64")
            yield return new(Linux, "386", "");

        var newest = architecture switch
        {
            System.Runtime.InteropServices.Architecture.Arm64 => 8,
            System.Runtime.InteropServices.Architecture.Arm => 7,
            System.Runtime.InteropServices.Architecture.Armv6 => 6,
            _ => 0,
        };
        for (var variant = newest; variant >= 5; variant--)
            yield return new(Linux, "arm", string.Create(CultureInfo.InvariantCulture, $"v{variant}"));
    }
}
